#include "storage_key.h"

#include "finders.h"

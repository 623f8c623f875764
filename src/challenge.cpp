#include "challenge.h"

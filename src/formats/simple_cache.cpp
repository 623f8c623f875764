#include "simple_cache.h"

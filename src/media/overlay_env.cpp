#include "overlay_env.h"

#include "profile_lists.h"

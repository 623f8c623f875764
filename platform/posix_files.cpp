#include "../src/files.h"

#pragma once
/* Which of the three libraries the header speaks of. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#pragma once
#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <uv.h>

/* prctl is variadic, so Swift cannot call it. */
static inline int cuv_die_with_parent(int signal) { return prctl(PR_SET_PDEATHSIG, (unsigned long)signal); }

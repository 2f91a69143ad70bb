static __thread int counter __attribute__((tls_model("initial-exec")));
#define ON_PROCESS counter++;
#include "base.h"

/* The five programs in one file, for the image: which one runs follows from the name it is started by.
 * Each is linked alone everywhere else; SwiftPM names the entry of an executable after its module. */
#include <string.h>

int API_main(int, char **);
int CLI_main(int, char **);
int Scheduler_main(int, char **);
int Simulator_main(int, char **);
int Worker_main(int, char **);

int main(int count, char **words) {
    const char *slash = strrchr(words[0], '/');
    const char *name = slash ? slash + 1 : words[0];
    if (strcmp(name, "rejoinder-api") == 0) return API_main(count, words);
    if (strcmp(name, "rejoinder-worker") == 0) return Worker_main(count, words);
    if (strcmp(name, "rejoinder-scheduler") == 0) return Scheduler_main(count, words);
    if (strcmp(name, "rejoinder-simulator") == 0) return Simulator_main(count, words);
    return CLI_main(count, words);
}

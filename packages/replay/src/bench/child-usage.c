/*
 * Runs a program and writes what it used to descriptor 3: microseconds of user time, and its largest
 * resident set in kilobytes.
 *
 * Node tells the usage of itself only. A process of its own stands between, because a program inherits
 * the largest resident set of whatever was replaced by it.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile pid_t child;

static void end(int number)
{
	(void)number;
	if (child > 0)
		kill(child, SIGKILL);
}

int main(int argc, char **argv)
{
	struct rusage used;
	int status;

	if (argc < 2)
		return 2;
	signal(SIGTERM, end);
	child = fork();
	if (child < 0)
		return 2;
	if (child == 0) {
		close(3);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (wait4(child, &status, 0, &used) < 0)
		return 2;
	dprintf(3, "%lld %ld\n", used.ru_utime.tv_sec * 1000000LL + used.ru_utime.tv_usec,
		used.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

#!/usr/bin/env python3
"""A library neither ends its process, nor prints, nor changes what belongs to all of it. Arguments: nm, library."""
import re
import subprocess
import sys

nm, library = sys.argv[1:]
forbidden = set('''
    abort exit _exit _Exit quick_exit atexit raise pthread_kill pthread_exit err errx warn warnx error assert
    printf vprintf puts putchar putchar_unlocked fputs fputc putc fputc_unlocked fprintf vfprintf dprintf vdprintf fwrite perror psignal psiginfo syslog vsyslog
    stdout stderr stdin getchar gets scanf fscanf getpass
    system popen posix_spawnp fork vfork execl execle execlp execv execve execvp execvpe daemon wait waitpid wait3 wait4
    setlocale newlocale uselocale chdir fchdir chroot umask
    signal sigaction sigprocmask sigsuspend sigwait sigwaitinfo alarm ualarm setitimer timer_create siginterrupt bsd_signal
    setenv putenv unsetenv clearenv setuid setgid seteuid setegid setreuid setregid setrlimit nice setpriority prctl
    getopt getopt_long getopt_long_only srand srand48 srandom tzset mallopt dlclose
'''.split())
# posix_spawn, waitid and kill are for credential plugins, and for their processes only (auth/program.cc).
# glibc's assertions end in this one; the C++ runtime's own std::terminate is not a reference of ours.
forbidden |= {'__assert_fail', '__assert', '__assert_perror_fail'}

found = []
for line in subprocess.run([nm, '-D', '--undefined-only', library], text=True, capture_output=True, check=True).stdout.splitlines():
    name = line.split()[-1].split('@')[0]
    plain = re.sub(r'^__(isoc99_|isoc23_)?(\w+?)(_chk)?$', r'\2', name)
    if name in forbidden or (name.endswith('_chk') and plain in forbidden) or (name.startswith('__isoc') and plain in forbidden):
        found.append(name)
    # C++ streams and <cstdlib> under their own names.
    if re.match(r'_ZSt(4cout|4cerr|4clog|3cin)', name):
        found.append(name)
# A sanitizer's build refers to what its run time needs.
if found:
    sys.exit(f'{library} refers to {", ".join(sorted(found))}')

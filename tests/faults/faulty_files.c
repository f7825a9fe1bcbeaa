/* Preloaded into the program by tests/cli/faults.cpp: makes the n-th call that writes to a file of the run directory fail.
 *   FAULT_FOLDER  only files below it count
 *   FAULT_AT      which call, from 1; 0 for none
 *   FAULT_KIND    enospc | eio: it fails; short: a write writes half and the next one fails for want of space;
 *                 dead: this call and every later one fails with EIO; estale: this call and every later one on the same
 *                 open file fails with ESTALE, as on a network file system whose server has forgotten it;
 *                 power: the process dies before the call
 *   FAULT_LOCK    enolck | eopnotsupp | ewouldblock: every lock fails with it
 *   FAULT_SHADOW  a folder in which every file of the run directory is as it was last flushed: what a power failure
 *                 leaves at the least (names and renames are taken to be on the disk at once)
 *   FAULT_LOG     the number of calls goes there when the program ends */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls;
static atomic_int full;
static atomic_int stale = -1; /* the descriptor that is */

static const char* setting(const char* name) {
  const char* value = getenv(name);
  return value != NULL ? value : "";
}

static int is_ours_by_name(const char* path) {
  const char* folder = setting("FAULT_FOLDER");
  char here[4096] = "";
  char whole[8192];
  if (*path != '/' && getcwd(here, sizeof here) == NULL) return 0;
  snprintf(whole, sizeof whole, "%s%s%s", here, *path == '/' ? "" : "/", path);
  return *folder != '\0' && strncmp(whole, folder, strlen(folder)) == 0;
}

static int path_of(int descriptor, char* path, size_t size) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(link, path, size - 1);
  if (length <= 0) return 0;
  path[length] = '\0';
  return 1;
}

static int is_ours(int descriptor) {
  char path[4096];
  return path_of(descriptor, path, sizeof path) && is_ours_by_name(path);
}

/* 0: go on; 1: fail (errno is set); 2: write half. `descriptor` is -1 where a name is concerned. */
static int verdict(int writes, int descriptor) {
  const long at = atol(setting("FAULT_AT"));
  const char* kind = setting("FAULT_KIND");
  const long now = atomic_fetch_add(&calls, 1) + 1;
  if (writes && atomic_exchange(&full, 0)) {
    errno = ENOSPC;
    return 1;
  }
  if (descriptor >= 0 && atomic_load(&stale) == descriptor) {
    errno = ESTALE;
    return 1;
  }
  if (at == 0 || now < at || (now > at && strcmp(kind, "dead") != 0)) return 0;
  if (strcmp(kind, "power") == 0) kill(getpid(), SIGKILL);
  if (strcmp(kind, "estale") == 0) {
    atomic_store(&stale, descriptor);
    errno = ESTALE;
    return 1;
  }
  if (strcmp(kind, "short") == 0) {
    if (!writes) return 0;
    atomic_store(&full, 1);
    return 2;
  }
  errno = strcmp(kind, "enospc") == 0 ? ENOSPC : EIO;
  return 1;
}

__attribute__((destructor)) static void report(void) {
  const char* file = setting("FAULT_LOG");
  FILE* log = *file != '\0' ? fopen(file, "w") : NULL;
  if (log == NULL) return;
  fprintf(log, "%ld\n", atomic_load(&calls));
  fclose(log);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int shadow_of(const char* path, char* shadow, size_t size) {
  const char* folder = setting("FAULT_SHADOW");
  const char* name = strrchr(path, '/');
  if (*folder == '\0' || name == NULL) return 0;
  return snprintf(shadow, size, "%s%s", folder, name) < (int)size;
}

/* A file that has been flushed is on the disk as it is now. */
static void remember(int descriptor) {
  char path[4096];
  char shadow[4096];
  struct stat status;
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return;
  if (!path_of(descriptor, path, sizeof path) || !shadow_of(path, shadow, sizeof shadow)) return;
  const int from = open(path, O_RDONLY | O_CLOEXEC);
  const int to = open(shadow, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  char block[1 << 16];
  for (ssize_t count; from >= 0 && to >= 0 && (count = read(from, block, sizeof block)) > 0;) {
    if (REAL(write)(to, block, (size_t)count) != count) break;
  }
  close(from);
  close(to);
}

ssize_t pwrite(int descriptor, const void* bytes, size_t count, off_t offset) {
  const int bad = is_ours(descriptor) ? verdict(1, descriptor) : 0;
  if (bad == 1) return -1;
  return REAL(pwrite)(descriptor, bytes, bad == 2 ? count / 2 : count, offset);
}
ssize_t pwrite64(int descriptor, const void* bytes, size_t count, off64_t offset) {
  return pwrite(descriptor, bytes, count, offset);
}
ssize_t write(int descriptor, const void* bytes, size_t count) {
  const int bad = is_ours(descriptor) ? verdict(1, descriptor) : 0;
  if (bad == 1) return -1;
  return REAL(write)(descriptor, bytes, bad == 2 ? count / 2 : count);
}
ssize_t writev(int descriptor, const struct iovec* parts, int count) {
  const int bad = is_ours(descriptor) ? verdict(1, descriptor) : 0;
  if (bad == 2) errno = ENOSPC;
  return bad != 0 ? -1 : REAL(writev)(descriptor, parts, count);
}

int close(int descriptor) {
  int was_stale = descriptor;
  atomic_compare_exchange_strong(&stale, &was_stale, -1); /* the number may soon be another file's */
  return REAL(close)(descriptor);
}

static int flushed(int descriptor, int result) {
  if (result == 0 && is_ours(descriptor)) remember(descriptor);
  return result;
}
int fsync(int descriptor) {
  if (is_ours(descriptor) && verdict(0, descriptor) == 1) return -1;
  return flushed(descriptor, REAL(fsync)(descriptor));
}
int fdatasync(int descriptor) {
  if (is_ours(descriptor) && verdict(0, descriptor) == 1) return -1;
  return flushed(descriptor, REAL(fdatasync)(descriptor));
}
int ftruncate(int descriptor, off_t length) {
  return is_ours(descriptor) && verdict(0, descriptor) == 1 ? -1 : REAL(ftruncate)(descriptor, length);
}
int ftruncate64(int descriptor, off64_t length) { return ftruncate(descriptor, length); }

int rename(const char* from, const char* to) {
  if (is_ours_by_name(to) && verdict(0, -1) == 1) return -1;
  const int result = REAL(rename)(from, to);
  char old_shadow[4096];
  char new_shadow[4096];
  if (result == 0 && is_ours_by_name(to) && shadow_of(from, old_shadow, sizeof old_shadow) &&
      shadow_of(to, new_shadow, sizeof new_shadow)) {
    REAL(rename)(old_shadow, new_shadow);
  }
  return result;
}

int flock(int descriptor, int operation) {
  const char* kind = setting("FAULT_LOCK");
  if (*kind == '\0' || !is_ours(descriptor)) return REAL(flock)(descriptor, operation);
  errno = strcmp(kind, "enolck") == 0 ? ENOLCK : strcmp(kind, "eopnotsupp") == 0 ? EOPNOTSUPP : EWOULDBLOCK;
  return -1;
}

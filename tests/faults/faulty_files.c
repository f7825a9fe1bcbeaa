/* Preloaded into the program by tests/cli/faults.cpp: makes the n-th call that writes to a file of the run directory fail.
 *   FAULT_FOLDER  only files below it count
 *   FAULT_AT      which call, from 1; 0 for none
 *   FAULT_KIND    enospc | eio: it fails; short: a write writes half and the next one fails for want of space;
 *                 dead: this call and every later one fails with EIO
 *   FAULT_LOG     the number of calls goes there when the program ends */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls;
static atomic_int full;

static const char* setting(const char* name) {
  const char* value = getenv(name);
  return value != NULL ? value : "";
}

static int is_ours_by_name(const char* path) {
  const char* folder = setting("FAULT_FOLDER");
  return *folder != '\0' && strncmp(path, folder, strlen(folder)) == 0;
}

static int is_ours(int descriptor) {
  char link[64];
  char path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = '\0';
  return is_ours_by_name(path);
}

/* 0: go on; 1: fail (errno is set); 2: write half. */
static int verdict(int writes) {
  const long at = atol(setting("FAULT_AT"));
  const char* kind = setting("FAULT_KIND");
  const long now = atomic_fetch_add(&calls, 1) + 1;
  if (writes && atomic_exchange(&full, 0)) {
    errno = ENOSPC;
    return 1;
  }
  if (at == 0 || now < at || (now > at && strcmp(kind, "dead") != 0)) return 0;
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

ssize_t pwrite(int descriptor, const void* bytes, size_t count, off_t offset) {
  const int bad = is_ours(descriptor) ? verdict(1) : 0;
  if (bad == 1) return -1;
  return REAL(pwrite)(descriptor, bytes, bad == 2 ? count / 2 : count, offset);
}
ssize_t pwrite64(int descriptor, const void* bytes, size_t count, off64_t offset) {
  return pwrite(descriptor, bytes, count, offset);
}
ssize_t write(int descriptor, const void* bytes, size_t count) {
  const int bad = is_ours(descriptor) ? verdict(1) : 0;
  if (bad == 1) return -1;
  return REAL(write)(descriptor, bytes, bad == 2 ? count / 2 : count);
}
ssize_t writev(int descriptor, const struct iovec* parts, int count) {
  const int bad = is_ours(descriptor) ? verdict(1) : 0;
  if (bad != 0) {
    errno = ENOSPC;
    return -1;
  }
  return REAL(writev)(descriptor, parts, count);
}
int fsync(int descriptor) { return is_ours(descriptor) && verdict(0) == 1 ? -1 : REAL(fsync)(descriptor); }
int fdatasync(int descriptor) { return is_ours(descriptor) && verdict(0) == 1 ? -1 : REAL(fdatasync)(descriptor); }
int ftruncate(int descriptor, off_t length) {
  return is_ours(descriptor) && verdict(0) == 1 ? -1 : REAL(ftruncate)(descriptor, length);
}
int ftruncate64(int descriptor, off64_t length) { return ftruncate(descriptor, length); }
int rename(const char* from, const char* to) {
  return is_ours_by_name(to) && verdict(0) == 1 ? -1 : REAL(rename)(from, to);
}

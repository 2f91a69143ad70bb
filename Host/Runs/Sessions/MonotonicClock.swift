import Glibc

/// Nanoseconds of a clock that only goes forward; for measuring, never for deciding.
package enum MonotonicClock {
  package static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

import Glibc

/// Ctrl-C and a polite kill end a run in order instead of cutting it off.
enum Interruption {
  private nonisolated(unsafe) static var count: sig_atomic_t = 0

  static func watch() {
    var watched = sigset_t()
    sigemptyset(&watched)
    for number in [SIGINT, SIGTERM] {
      sigaddset(&watched, number)
      signal(number) { _ in
        Interruption.count += 1
        // Whoever asks twice does not want to wait.
        if Interruption.count > 1 { _exit(130) }
      }
    }
    // Whoever started this process may have blocked them, and a mask is inherited.
    pthread_sigmask(SIG_UNBLOCK, &watched, nil)
  }

  static var isRequested: Bool { count > 0 }
}

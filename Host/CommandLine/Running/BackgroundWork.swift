import Glibc
import Synchronization

/// One thing done on a thread of its own, and its result once it is there. A process that ends
/// meanwhile does not wait for it.
final class BackgroundWork<Outcome: Sendable>: Sendable {
  private let outcome = Mutex<Outcome?>(nil)

  init(_ body: @escaping @Sendable () -> Outcome) {
    let job = BackgroundJob { self.finish(body()) }
    let context = Unmanaged.passRetained(job)
    // Signals are for the threads that know them.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, nil,
      { context in
        Unmanaged<BackgroundJob>.fromOpaque(context!).takeRetainedValue().body()
        return nil
      }, context.toOpaque())
    pthread_sigmask(SIG_SETMASK, &before, nil)
    if failure == 0 {
      pthread_detach(thread)
    } else {
      // Late is better than never.
      context.takeRetainedValue().body()
    }
  }

  /// Nil while it is being done.
  var result: Outcome? { outcome.withLock { $0 } }

  private func finish(_ result: Outcome) { outcome.withLock { $0 = result } }
}

/// What a thread is given.
private final class BackgroundJob: Sendable {
  let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

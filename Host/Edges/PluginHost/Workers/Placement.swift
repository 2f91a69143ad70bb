/// Where the code of an instance runs.
package enum Placement: Sendable {
  /// In the host's process, each call guarded.
  case guarded
  /// In a process of its own.
  case worker(WorkerOptions)

  package var isWorker: Bool {
    if case .worker = self { true } else { false }
  }
}

/// What a worker process may use up, and how long its host waits.
package struct WorkerOptions: Sendable {
  /// What is started: this same program, which then serves as a worker.
  package var program = "/proc/self/exe"
  /// Of the wall clock, for the answer to one batch. A worker that is later is killed.
  package var answerDeadline: Int64 = 100_000_000
  /// Until the host goes on without the answer, which then comes with a later turn; 0: never.
  package var patience: Int64 = 0
  /// The same for any other call.
  package var controlDeadline: Int64 = 10_000_000_000
  /// Private memory of the plugin, beside what the worker itself takes; 0: any.
  package var memoryBytes: UInt64 = 512 << 20
  /// Looks at a ring before a side sleeps: some tens of microseconds.
  package var spins: UInt32 = 2_000

  package init() {}
}

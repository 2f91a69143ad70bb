/// Where a slot's code runs. Both keys may be absent, and then mean what they did before they were
/// there: the hash of a configuration without them stays.
extension ConfigurationShapes {
  static let isolation = [
    Field(
      "isolation", .choice(IsolationConfiguration.Place.allCases.map(\.rawValue)), .optional,
      "\"guard\": in the host, each call guarded. \"process\": in a worker, a process of its own, "
        + "for code that is not trusted: what it does to its memory is its own doing. When absent, "
        + "as the code's origin asks: a worker for a bundle that asks for one and for what lies in "
        + "a directory of the policy \"workers\", where \"guard\" is an error; else the host."),
    Field(
      "worker", .object(worker), .optional, "Bounds of that process, where there is one."),
  ]

  static let worker = Shape(
    about: "Bounds of a slot's worker process.",
    fields: [
      Field(
        "deadlineMilliseconds", .integer(1...20_000), .optional,
        "How late the answer to one batch may be in a paper session; 100 when absent. A worker "
          + "that is later is killed. A backtest waits ten seconds."),
      Field(
        "patienceMicroseconds", .integer(1...20_000_000), .optional,
        "How long a paper session stands still for that answer; 200 when absent. Then it goes on, "
          + "and the answer becomes part of a later turn. A backtest waits for every answer."),
      Field(
        "memoryMegabytes", .integer(1...1_048_576), .optional,
        "How much private memory the plugin may have; 512 when absent. Where its bundle names "
          + "less, that is the bound. In the host no bundle's memory is bounded; the log says so."),
      Field(
        "restarts", .integer(0...1_000), .optional,
        "How often a worker that failed is started again; 3 when absent. Meanwhile its slot is "
          + "parked."),
      Field(
        "restartAfterMilliseconds", .integer(0...3_600_000), .optional,
        "Session time before the first restart; 1000 when absent. Each further one waits twice as "
          + "long."),
      Field(
        "stateEveryBatches", .integer(1...1_000_000_000), .optional,
        "How often its state is saved for a restart, in batches; 1000 when absent."),
    ])
}

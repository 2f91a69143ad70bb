extension Command {
  /// The whole command line of keel, in the order of its manual.
  static let keel = Command(
    name: "keel",
    summary: "runs trading strategies and replaces them while they trade",
    discussion: """
      Strategies, alpha models and data providers are shared objects; the book, the risk \
      limits and the journal stay in the host. Paper trading is the default everywhere.
      """,
    options: [
      .flag("json", "Answer with one line of JSON instead of text.", isInherited: true)
    ],
    examples: [
      Example("keel backtest --events 100000", "Run the configured strategies over data."),
      Example("keel paper --speed 10", "Trade on paper; keel status and keel swap reach it."),
      Example("keel swap trend .build/plugins/sma_crossover_2.so", "Replace running code."),
      Example("keel help swap", "Read the manual of a command."),
    ],
    subcommands: [
      BacktestCommand.command, SweepCommand.command, WalkForwardCommand.command,
      PaperCommand.command, HostCommands.status, HostCommands.swap,
      HostCommands.rollback, RiskCommand.command, TradingCommands.halt, TradingCommands.resume,
      TradingCommands.kill, HostCommands.stop, PluginCommand.command,
      JournalCommand.command, DataCommand.command, ConfigCommand.command, DemoCommand.command,
      VersionCommand.command,
    ])
}

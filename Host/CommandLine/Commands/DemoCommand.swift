import Configuration
import Glibc
import JSON
import Market
import PluginHost
import Sessions
import Storage

/// `keel demo`: what keel is for, on a synthetic market, in a minute. Everything shown happens:
/// the same session, swap and journal that paper trading uses.
enum DemoCommand {
  static let command = Command(
    name: "demo", summary: "watch running code being replaced under an open order",
    discussion: """
      Runs the configured session on paper, swaps the slot trend to another version while its \
      order rests in the book, swaps in a build that crashes, and verifies the journal of it all.
      """,
    options: [
      .configuration,
      .value(
        "slot", "SLOT", "The slot whose code is replaced.", initial: "trend"),
      .value(
        "next", "PLUGIN", "What it is replaced by.", initial: ".build/plugins/sma_crossover_2.so"),
      .value(
        "crashing", "PLUGIN", "A build that fails once it decides.",
        initial: ".build/faulty/sma_crossover_3.so"),
    ],
    seeAlso: ["paper", "swap", "journal replay"],
    run: { arguments, output throws(CommandError) in
      try Demo(arguments, output).run()
    })
}

/// The story, step by step.
private struct Demo {
  let arguments: ParsedArguments
  let output: Output
  let session: Session
  let journal: String
  let slot: String
  private static let patience = 400_000

  init(_ arguments: ParsedArguments, _ output: Output) throws(CommandError) {
    self.arguments = arguments
    self.output = output
    slot = arguments.text("slot") ?? "trend"
    for option in ["next", "crashing"] { try Self.check(arguments.text(option) ?? "") }
    let configuration = try SessionLaunch.configuration(arguments)
    let directory = configuration.session.directory
    journal = "\(directory)/demo-\(time(nil))-\(getpid()).journal"
    do throws(SessionError) {
      session = try Session.make(
        configuration,
        SessionOptions(storeDirectory: "\(directory)/store", journalDirectory: journal)
      ) { _, _, _ in }
    } catch { throw CommandError(error) }
  }

  /// Before anything else, because elsewhere nothing of the rest can be right either.
  private static func check(_ plugin: String) throws(CommandError) {
    guard case .path(let path) = PluginReference(plugin), access(path, F_OK) != 0 else { return }
    throw CommandError(
      .configuration, subject: path, "the demo swaps this build in, and it is not there",
      remedy: "Run 'make demo' in a source checkout of keel, which builds it, or name builds of "
        + "your own with --next and --crashing")
  }

  func run() throws(CommandError) -> ExitCode {
    do throws(SessionError) {
      try tell()
      try session.finish()
    } catch { throw CommandError(error) }
    let status = session.status()
    let replay = try proof()
    if arguments.isJSON { output.json(answer(status, replay)) }
    let built = ".build/release/keel"
    let keel = access(built, X_OK) == 0 ? built : "keel"
    say(
      """

      Try next:
        \(keel) backtest --events 200000
        \(keel) paper --speed 20 &  sleep 2; \(keel) status
        \(keel) swap \(slot) \(arguments.text("next") ?? "")
      """)
    return .ok
  }

  private func tell() throws(SessionError) {
    say("1. A paper session on a synthetic market")
    try run(events: 20_000)
    showStatus()

    say("\n2. The code of \(slot) is replaced while its order rests in the book")
    try runUntilOrderRests()
    let before = session.openOrderIDs(slot: slot)
    showOrders("before")
    try swap(to: arguments.text("next") ?? "", until: [.probation, .refused])
    showOrders("after")
    let kept = Set(before).intersection(session.openOrderIDs(slot: slot)).count
    say(
      kept > 0
        ? "   \(kept) of \(before.count) orders never left the book; the new code owns them"
        : "   filled while the new code was being watched; no order was cancelled for the swap")
    try runUntilSwapEnds()

    say("\n3. A build with a bug is swapped in: it crashes once it decides")
    try runUntilOrderRests()
    showOrders("before")
    try swap(to: arguments.text("crashing") ?? "", until: [.rolledBack, .refused, .confirmed])
    showOrders("after")
    say("   the session went on: the version that decided before decides again")
    try run(events: session.eventCount + 20_000)
    say("")
    showStatus()
  }

  /// Under --json the story is told by its end alone.
  private func say(_ text: String) { if !arguments.isJSON { output.line(text) } }
  private func showStatus() {
    if !arguments.isJSON { SessionText(status: session.status()).write(to: output) }
  }

  private func answer(_ status: JSONValue, _ replay: ReplayReport) -> JSONValue {
    [
      "journal": .string(journal), "swaps": status["swaps"] ?? .null, "status": status,
      "replay": [
        "turns": .integer(replay.turns), "orders": .integer(replay.orders),
        "fills": .integer(replay.fills), "isEqual": .bool(replay.difference == nil),
      ],
    ]
  }

  private func showOrders(_ when: String) {
    let orders = session.openOrderTexts(slot: slot)
    let text = orders.isEmpty ? "none: filled meanwhile" : orders.joined(separator: "; ")
    say("   orders \(when): \(text)")
  }

  private func swap(to plugin: String, until: [SwapReport.Outcome]) throws(SessionError) {
    var options = SwapOptions()
    options.shadowBatches = 10
    let index = session.swapCount
    try session.beginSwap(
      slot: slot, to: PluginReference(plugin), options: options, probe: PluginProbe.tryInChild)
    var turns = 0
    while !until.contains(session.swapReport(index).outcome), turns < Self.patience {
      guard try session.step() else { break }
      turns += 1
    }
    for line in SwapText(report: session.swapReport(index).json).lines { say("   \(line)") }
  }

  private func run(events: Int) throws(SessionError) {
    while session.eventCount < events, try session.step() {}
  }

  private func runUntilOrderRests() throws(SessionError) {
    var turns = 0
    while turns < Self.patience,
      !session.openOrderTexts(slot: slot).contains(where: { $0.contains("accepted") }),
      try session.step()
    {
      turns += 1
    }
  }

  private func runUntilSwapEnds() throws(SessionError) {
    var turns = 0
    while session.isSwapping(slot: slot), turns < Self.patience, try session.step() { turns += 1 }
  }

  private func proof() throws(CommandError) -> ReplayReport {
    say("\n4. The proof: the journal")
    do throws(StorageError) {
      var reader = try JournalReader(directory: journal)
      while try reader.next() != nil {}
      say("   \(reader.recordsRead) records, every checksum right: \(journal)")
      let replay = try JournalReplay.run(directory: journal)
      if let difference = replay.difference {
        throw StorageError(
          .damaged(offset: 0), journal, "its replay differs: \(difference)",
          remedy: "report this as a bug")
      }
      say(
        "   \(replay.turns) turns replayed with no plugin loaded: \(replay.orders) orders and "
          + "\(replay.fills) fills come out the same, byte for byte")
      return replay
    } catch { throw CommandError(error) }
  }
}

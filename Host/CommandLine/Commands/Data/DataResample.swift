import JSON
import Market
import MarketHistory
import PluginABI
import PluginBridge
import Sessions
import Storage
import Wording

/// `keel data resample`: a tape of bars, made of a tape of trades, quotes or smaller bars.
enum DataResample {
  static let command = Command(
    name: "resample", summary: "make bars of a tape's trades, quotes or smaller bars",
    discussion: """
      Bars of time cover UTC intervals, their first instant in and their last one out; an interval \
      without a trade has no bar. A tick, volume or notional bar closes with the trade that brings \
      its count, quantity or worth to at least that much; trades are not split. Sums are exact. \
      Bars of quotes are of the middle, rounded half to even, and have no volume.

      By receive, which is usual, bars are what a listener had, each known at its close. \
      By venue they are cut by the venue's own times, as its candles are: such a bar is known with \
      the first record behind its end, and stands on the tape there.

      Each bar is on the tape at its close. The last ones may be incomplete. With several --bars \
      a record's source says which one it is of, counted from 1; bars that no time bounds have \
      interval 0. Funding, marks, status and instrument changes are kept; quotes, trades, \
      books and the bars that were there are not.

      The new tape is there whole or not at all.
      """,
    arguments: [CommandArgument("tape", "The tape to read.")],
    options: [
      .value(
        "output", "TAPE", short: "o", "The file to write, which must not exist yet.",
        occurrence: .required),
      BarOption.option(.repeated, "How to cut bars; may be given several times."),
      .value(
        "instrument", "SYMBOL", "Only this one; may be given several times.",
        occurrence: .repeated),
      .value(
        "from", "SOURCE", "What to make them of; without it trades, else quotes, else bars.",
        kind: .choice(BarSource.allCases.map(\.rawValue))),
      .value(
        "by", "CLOCK", "Which time of a trade or quote counts.",
        kind: .choice(BarClock.allCases.map(\.rawValue)), initial: BarClock.receive.rawValue),
    ],
    examples: [
      Command.Example(
        "keel data resample day.tape -o bars.tape --bars time:1m --bars notional:500000",
        "Minutes, and bars of half a million each."),
      Command.Example(
        "keel data resample minutes.tape -o hours.tape --bars time:1h --from bars", "Larger ones."),
    ],
    seeAlso: ["data check", "data generate", "backtest"],
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let contents = try TapeContents(path: arguments.argument("tape") ?? "")
    let chosen = try chosen(arguments.list("instrument"), contents)
    let source = try source(arguments, contents, chosen)
    let options = try bars(arguments, source)
    var wanted: [(instrument: Instrument, rules: [BarRule])] = []
    for (index, numbers) in contents.numbers.enumerated() {
      guard let numbers else {
        throw CommandError(
          subject: contents.tape.path,
          "the definition of \(contents.symbols[index]) contradicts itself",
          remedy: "record the tape again")
      }
      var rules: [BarRule] = []
      for option in options where chosen[index] != nil {
        rules.append(try option.rule(for: numbers, contents.symbols[index]))
      }
      wanted.append((numbers, rules))
    }
    let clock = arguments.text("by").flatMap(BarClock.init(rawValue:)) ?? .receive
    Interruption.watch()
    let path = arguments.text("output") ?? ""
    let tape = try NewTape(
      path: path, instruments: definitions(contents, chosen), created: contents.tape.created)
    var resampling = Resampling(
      tape: tape, resampler: Resampler(wanted, from: source, by: clock), chosen: chosen,
      counts: options.map { _ in 0 })
    try resampling.run(contents, output)
    guard resampling.counts.contains(where: { $0 > 0 }) else {
      throw CommandError(
        subject: contents.tape.path, "no bar can be made of its \(source.rawValue)",
        remedy: "choose another --from, or an interval that the bars there divide")
    }
    try tape.finish()
    say(path, options, resampling, arguments.isJSON, output)
    return .ok
  }

  private static func say(
    _ path: String, _ options: [BarOption], _ resampling: Resampling, _ isJSON: Bool,
    _ output: Output
  ) {
    let counts = zip(options, resampling.counts)
    let skipped = resampling.resampler.skipped
    if isJSON {
      output.json([
        "tape": .string(path), "records": .integer(resampling.tape.records),
        "bars": .array(counts.map { ["rule": .string($0.text), "count": .integer($1)] }),
        "skipped": .integer(skipped),
      ])
      return
    }
    let text = counts.map { "\($1) of \($0.text)" }.joined(separator: ", ")
    output.line("\(path): \(Count.text(resampling.counts.reduce(0, +), "bar")), \(text)")
    if skipped > 0 {
      output.note(
        "\(Count.text(skipped, "record")) left out: no bar can be made of them; "
          + "try keel data check")
    }
  }

  // What the command line asks for.

  /// By instrument of the tape: its place in the new one; nil where it is not wanted.
  private static func chosen(
    _ symbols: [String], _ contents: TapeContents
  ) throws(CommandError) -> [UInt32?] {
    for symbol in symbols where !contents.symbols.contains(symbol) {
      throw CommandError(
        .usage, subject: "--instrument",
        "'\(symbol)' is not on the tape" + Suggestion.phrase(for: symbol, among: contents.symbols),
        remedy: "Use one of: \(contents.symbols.joined(separator: ", "))")
    }
    var next: UInt32 = 0
    return contents.symbols.map { symbol -> UInt32? in
      guard symbols.isEmpty || symbols.contains(symbol) else { return nil }
      defer { next += 1 }
      return next
    }
  }

  private static func definitions(
    _ contents: TapeContents, _ chosen: [UInt32?]
  ) -> [keel_ev_instrument] {
    var directory = Directory()
    for (definition, place) in zip(contents.tape.instruments, chosen) where place != nil {
      _ = directory.add(definition)
    }
    return directory.instruments
  }

  private static func source(
    _ arguments: ParsedArguments, _ contents: TapeContents, _ chosen: [UInt32?]
  ) throws(CommandError) -> BarSource {
    if let asked = arguments.text("from").flatMap(BarSource.init(rawValue:)) { return asked }
    let found = contents.source { $0 < chosen.count && chosen[$0] != nil }
    if let found { return found }
    throw CommandError(
      subject: contents.tape.path, "it has no trades, quotes or bars to make bars of",
      remedy: "name another tape or another --instrument")
  }

  private static func bars(
    _ arguments: ParsedArguments, _ source: BarSource
  ) throws(CommandError) -> [BarOption] {
    var options: [BarOption] = []
    for text in arguments.list("bars") { options.append(try BarOption(text)) }
    guard !options.isEmpty else {
      throw CommandError(
        .usage, subject: "--bars", "is missing",
        remedy: "Say how to cut the bars, such as \(BarOption.examples)")
    }
    for option in options where !option.isPossible(from: source) {
      throw CommandError(
        .usage, subject: "--bars", "'\(option.text)' cannot be made of \(source.rawValue)",
        remedy: source == .bars
          ? "Use time:, or a tape with trades" : "Use time: or tick:, or a tape with trades")
    }
    return options
  }
}

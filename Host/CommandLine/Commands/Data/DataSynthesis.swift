import JSON
import Market
import MarketHistory
import PluginABI
import PluginBridge
import Simulation

/// `keel data generate --model`: a market from a seed, without configuration or plugins.
enum DataSynthesis {
  private static let options: [CommandOption] = [
    .value(
      "model", "MODEL",
      "Invent the market: regimes gives quotes and trades, book an order book with its trades "
        + "and quotes.", kind: .choice(InventedMarket.Model.allCases.map(\.rawValue))),
    .value("seed", "N", "Equal seeds, equal tapes; 1 without it.", kind: .integer(0...Int.max)),
    .value(
      "symbol", "SYMBOL", "Such as BTCUSDT, without it, or BTC-USD; may be given several times.",
      occurrence: .repeated),
    .value("venue", "NAME", "Of the instruments; sim without it."),
    .value(
      "price", "PRICE", "Where the symbols begin, in their order; 40000 without it.",
      kind: .decimal, occurrence: .repeated),
    .value("tick", "PRICE", "Step of prices; 0.01 without it.", kind: .decimal),
    .value("lot", "QUANTITY", "Step of quantities; 0.00001 without it.", kind: .decimal),
    .value("start", "TIME", "Of the tape; 2024-01-01T00:00:00Z without it."),
    .value("step", "TIME", "Between two quotes, 1s; of a book's agents, 50ms without it."),
    .value("volatility", "SHARE", "Of a year's returns; 0.6 without it.", kind: .decimal),
    .value("correlation", "SHARE", "Of the symbols' returns; 0 without it.", kind: .decimal),
    .value("spread", "BPS", "From bid to ask; 1 without it.", kind: .decimal),
    BarOption.option(.repeated, "Put such bars of the trades on the tape too."),
  ]

  /// `generate`, which can do this too.
  static func extending(_ generate: Command) -> Command {
    var command = generate
    command.summary = "write an invented market, or what the providers publish, to a tape"
    command.discussion += """
      \n\nWith --model no configuration is read: the market comes from the seed alone, the same \
      bytes on every machine, with calm, trending and volatile times, jumps, and volatility that \
      clusters. The model book has agents that place, cancel and take on a book by price.
      """
    command.options += options
    command.examples += [
      Command.Example(
        "keel data generate day.tape --model regimes --seed 7 --bars time:1m",
        "Twenty hours of one instrument, with minutes."),
      Command.Example(
        "keel data generate book.tape --model book --symbol BTCUSDT --symbol ETHUSDT "
          + "--price 40000 --price 2500 --correlation 0.8", "Two books that go together."),
    ]
    command.seeAlso += ["data check", "data resample"]
    let provided = generate.run
    command.run = { (arguments, output) throws(CommandError) -> ExitCode in
      guard arguments.text("model") == nil else { return try run(arguments, output) }
      for option in options where !arguments.list(option.name).isEmpty {
        throw CommandError(
          .usage, subject: "--\(option.name)", "goes with --model",
          remedy: "Add --model regimes or --model book, or leave it out")
      }
      guard let provided else { preconditionFailure("generate runs") }
      return try provided(arguments, output)
    }
    return command
  }

  private static func run(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let model = InventedMarket.Model(rawValue: arguments.text("model") ?? "") ?? .regimes
    let shape = try SynthesisOptions.shape(arguments, model)
    let instruments = try SynthesisOptions.instruments(arguments)
    var wanted: [(instrument: Instrument, rules: [BarRule])] = []
    for instrument in instruments {
      var rules: [BarRule] = []
      for text in arguments.list("bars") {
        rules.append(
          try BarOption(text).rule(for: instrument.numbers, instrument.symbol))
      }
      wanted.append((instrument.numbers, rules))
    }
    Interruption.watch()
    let path = arguments.argument("tape") ?? ""
    let tape = try NewTape(
      path: path, instruments: instruments.map(\.definition), created: shape.start.nanoseconds)
    try write(
      InventedMarket(model, instruments.map(\.invented), shape), Resampler(wanted, from: .trades),
      to: tape, count: arguments.integer("events") ?? 100_000, output)
    try tape.finish()
    if arguments.isJSON {
      output.json([
        "tape": .string(path), "events": .integer(tape.records),
        "seed": .integer(shape.seed), "model": .string(model.rawValue),
      ])
    } else {
      output.line("\(path): \(tape.records) events; try keel data check \(path)")
    }
    return .ok
  }

  private static func write(
    _ market: InventedMarket, _ resampler: Resampler, to tape: NewTape, count: Int,
    _ output: Output
  ) throws(CommandError) {
    var (market, resampler) = (market, resampler)
    var progress = output.beginProgress("generate", unit: "events", total: count)
    var buffer = RecordBuffer(capacity: market.bytesMax)
    var bars: [keel_ev_bar] = []
    var steps = 0
    while tape.records < count {
      buffer.removeAll()
      market.next(into: &buffer)
      for record in buffer.records {
        resampler.advance(to: record.time, into: &bars)
        try append(&bars, to: tape)
        try tape.append(record.bytes)
        resampler.take(record, into: &bars)
        try append(&bars, to: tape)
      }
      steps += 1
      guard steps % 1_024 == 0 else { continue }
      output.progress(&progress, done: Swift.min(tape.records, count))
      try NewTape.checkInterruption()
    }
  }

  private static func append(
    _ bars: inout [keel_ev_bar], to tape: NewTape
  ) throws(CommandError) {
    for bar in bars { try tape.append(bar) }
    bars.removeAll(keepingCapacity: true)
  }
}

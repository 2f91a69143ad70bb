import JSON
import PluginChecks
import PluginHost

/// `keel plugin bench`: what an event costs, and what an instance weighs.
enum PluginBenchCommand {
  static let command = Command(
    name: "bench", summary: "measure what a plugin costs",
    discussion: """
      Feeds a market of the seed to each plugin of a library: nanoseconds an event, one and 64 in \
      a batch; calls for memory; resident memory of an instance; size of its state and the time of \
      saving it. The library runs in this very process: check it first.
      """,
    arguments: [CommandArgument("file", "The library.")],
    options: PluginCheckCommand.options,
    examples: [Command.Example("keel plugin bench build/breakout.so --json", "For a script.")],
    seeAlso: ["plugin check"],
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let subject = PluginCheckCommand.subject(arguments)
    if let failure = PluginProbe.tryInChild(subject.path) { throw CommandError(failure) }
    let costs: [PluginCost]
    do throws(PluginHostError) { costs = try PluginCost.measure(subject) } catch {
      throw CommandError(error)
    }
    if arguments.isJSON {
      output.json(["plugins": .array(costs.map(json))])
    } else {
      for cost in costs { write(cost, to: output) }
    }
    return .ok
  }

  private static func write(_ cost: PluginCost, to output: Output) {
    func shown(_ value: Double?, _ unit: String, digits: Int = 1) -> String {
      guard let value else { return "-" }
      var scale = 1.0
      for _ in 0..<digits { scale *= 10 }
      let rounded = (value * scale).rounded() / scale
      return "\(digits == 0 ? "\(Int(rounded))" : "\(rounded)") \(unit)"
    }
    var table = Table([.leading(cost.id), .trailing("")])
    table.add(["an event, one in a batch", shown(cost.aloneNanoseconds, "ns")])
    table.add(["an event, 64 in a batch", shown(cost.togetherNanoseconds, "ns")])
    table.add(["calls for memory an event", shown(cost.allocations, "", digits: 3)])
    table.add(["an instance in memory", shown(cost.instanceBytes, "bytes", digits: 0)])
    table.add(["state", cost.stateBytes.map { "\($0) bytes" } ?? "-"])
    table.add(["saving it", shown(cost.saveNanoseconds.map { $0 / 1_000 }, "us")])
    output.table(table)
  }

  private static func json(_ cost: PluginCost) -> JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }
    return .object([
      ("plugin", .string(cost.id)), ("eventNanosecondsAlone", number(cost.aloneNanoseconds)),
      ("eventNanosecondsOf64", number(cost.togetherNanoseconds)),
      ("allocationsPerEvent", number(cost.allocations)),
      ("instanceBytes", number(cost.instanceBytes)),
      ("stateBytes", cost.stateBytes.map { .integer($0) } ?? .null),
      ("saveNanoseconds", number(cost.saveNanoseconds)),
    ])
  }
}

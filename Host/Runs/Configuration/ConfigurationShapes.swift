import JSON

/// Every key of strategies.json, in the order in which a reader meets them.
enum ConfigurationShapes {
  static let top = Shape(
    about: "What a keel session runs: instruments, data, venues, alphas, strategies, risk.",
    fields: [
      Field("$schema", .path, .optional, "Where an editor finds this schema. Not read by keel."),
      Field("session", .object(session), .initially([:]), "The run itself."),
      Field(
        "plugins", .object(plugins), .initially([:]), "Where plugins lie, and which are trusted."),
      Field(
        "instruments", .list(of: .object(instrument), count: 1...256), .required,
        "What can be traded. Everything else refers to it by symbol."),
      Field(
        "data", .list(of: .object(data), count: 0...64), .initially([]),
        "Data providers. Where two speak of the same time, the earlier one in this list is first."),
      Field("venues", .list(of: .object(venue), count: 1...16), .required, "Where orders go."),
      Field(
        "alphas", .list(of: .object(alpha), count: 0...64), .initially([]),
        "Alpha models, whose signals strategies read by name."),
      Field(
        "strategies", .list(of: .object(strategy), count: 0...64), .initially([]),
        "Slots: each runs one strategy, and keeps its orders when that strategy is replaced."),
      Field("account", .object(account), .required, "What the session starts with."),
      Field(
        "risk", .object(risk), .initially([:]), "Limits that hold whatever a strategy asks for."),
    ])

  static let session = Shape(
    about: "The run itself.",
    fields: [
      Field(
        "name", .name(bytesMax: 47), .initially("session"),
        "Names the run's journal and control socket."),
      Field(
        "seed", .integer(0...Int64.max), .initially(1),
        "Same data, configuration and seed give the same journal, byte for byte."),
      Field(
        "directory", .path, .initially(".keel"),
        "Where journals, the control socket and copies of plugins lie; relative to this file."),
      Field(
        "start", .time, .initially("2024-01-01T00:00:00Z"),
        "Session time of the first turn, where the data does not say it."),
      Field(
        "snapshotEveryTurns", .integer(0...1_000_000_000), .initially(1_000_000),
        "How often a paper session writes a snapshot beside its journal, so that it is known again "
          + "quickly after a crash; it writes one at its end, too. 0 writes none."),
      Field(
        "journal", .object(journal), .initially([:]),
        "When the run's journal reaches the disk. What is written survives the end of the process "
          + "whatever this says."),
    ])

  static let journal = Shape(
    about: "When the run's journal reaches the disk.",
    fields: [
      Field(
        "sync", .choice(JournalConfiguration.Sync.allCases.map(\.rawValue)), .initially("batch"),
        "\"always\": before a turn's orders go; \"batch\": every intervalMilliseconds; \"none\": "
          + "when the system likes."),
      Field(
        "intervalMilliseconds", .integer(1...60_000), .initially(50),
        "What \"batch\" may lose when the machine loses its power."),
    ])

  static let plugins = Shape(
    about: "Where plugins lie, and which are trusted.",
    fields: [
      Field(
        "directories", .list(of: .orObject(.path, directory), count: 1...16),
        .initially(["plugins"]),
        "Searched in this order, and watched while a session runs; relative to this file."),
      Field(
        "trust", .choice(PluginsConfiguration.Trust.allCases.map(\.rawValue)),
        .initially("signed"),
        "Where no directory says otherwise. \"signed\" loads only bundles that a key of the trust "
          + "store signed. \"unsigned\" loads bare libraries and those that nobody signed, too."),
      Field(
        "trustStore", .path, .optional,
        "Whose signatures count; relative to this file. Without it, KEEL_TRUST or "
          + "keel/trust.json in the user's configuration."),
      Field(
        "residentMax", .integer(1...1024), .initially(64),
        "How many different plugin builds may be loaded in one run."),
    ])

  static let directory = Shape(
    about: "A directory of plugins, and what may be loaded from it.",
    fields: [
      Field("path", .path, .required, "Relative to this file."),
      Field(
        "policy", .choice(PluginsConfiguration.Policy.allCases.map(\.rawValue)),
        .initially("signed"),
        "\"signed\" loads only bundles that a key of the trust store signed. \"trusted\" loads all "
          + "that lies there, bare libraries, too. \"workers\" takes all that lies there, signed "
          + "or not, and runs it in worker processes alone."),
    ])

  static let instrument = Shape(
    about: "What can be traded.",
    fields: [
      Field(
        "symbol", .name(bytesMax: NameRule.symbol.bytesMax), .required,
        "Its name in this file and in commands."),
      Field("venue", .name(bytesMax: 15), .required, "The venue that trades it."),
      Field(
        "kind", .choice(InstrumentConfiguration.Kind.allCases.map(\.rawValue)),
        .initially("spot"), "What changes hands."),
      Field("base", .name(bytesMax: 11), .required, "The asset that is bought and sold."),
      Field("quote", .name(bytesMax: 11), .required, "The asset that prices are in."),
      Field(
        "tick", .decimal(DecimalRule(isMinimumExcluded: true, decimalsMax: 12, example: "0.01")),
        .required, "Smallest price step. Its decimals are those of every price."),
      Field(
        "lot", .decimal(DecimalRule(isMinimumExcluded: true, decimalsMax: 12, example: "0.001")),
        .required, "Smallest quantity step. Its decimals are those of every quantity."),
      Field(
        "minimum", .decimal(DecimalRule(decimalsMax: 12, example: "0.001")), .optional,
        "Smallest quantity of an order; one lot when absent."),
      Field(
        "notionalMinimum", .decimal(DecimalRule(decimalsMax: 12, example: "10")), .initially("0"),
        "Smallest value of an order, in the quote asset."),
    ] + instrumentRisk)

  static let data = Shape(
    about: "One data provider.",
    fields: [
      Field("name", .name(bytesMax: 47), .required, "Its name in commands and logs.")
    ] + plugin("dev.keel.synthetic-market") + [
      Field(
        "instruments", symbols, .optional, "Symbols it is asked for; all instruments when absent.")
    ])

  static let venue = Shape(
    about: "Where orders go.",
    fields: [
      Field("name", .name(bytesMax: 15), .required, "What instruments call it."),
      Field("kind", .choice(["simulated"]), .initially("simulated"), "What answers the orders."),
      Field(
        "latencyMilliseconds", .integer(0...60_000), .initially(0),
        "How long an order or a cancel travels to the venue; latency says it in detail."),
      Field("makerFee", fee, .initially("0"), "Of the notional; a rebate when negative."),
      Field("takerFee", fee, .initially("0"), "Of the notional; a rebate when negative."),
      Field(
        "account", .object(venueAccount), .initially([:]), "What the account there can do."),
    ] + venueBehaviour)

  static let alpha = Shape(
    about: "One alpha model.",
    fields: [
      Field("name", .name(bytesMax: 47), .required, "What strategies call it.")
    ] + plugin("dev.keel.momentum") + [
      Field("instruments", symbols, .optional, "Symbols it judges; all instruments when absent.")
    ] + isolation)

  static let strategy = Shape(
    about: "One slot and the strategy in it.",
    fields: [
      Field(
        "name", .name(bytesMax: 47), .required, "The slot's name: it stays when plugins change.")
    ] + plugin("dev.keel.sma-crossover") + [
      Field(
        "instruments", .list(of: .name(bytesMax: 31), count: 1...256), .required,
        "Symbols it trades."),
      Field(
        "alphas", .list(of: .name(bytesMax: 47), count: 0...16), .initially([]),
        "Names of the alphas whose signals it reads, in the order in which it counts them."),
      Field(
        "config", .anyObject, .initially([:]),
        "Handed to the plugin as it stands, for what parameters cannot say."),
      Field(
        "risk", .object(slotRisk), .initially([:]),
        "Limits of this slot alone, beside those of all; of two the tighter binds."),
    ] + isolation)

  static let account = Shape(
    about: "What the session starts with.",
    fields: [
      Field("balances", .list(of: .object(amount), count: 1...64), .required, "One for each asset.")
    ])

  static let amount = Shape(
    about: "An amount of one asset.",
    fields: [
      Field("asset", .name(bytesMax: 11), .required, "Its code, as instruments name it."),
      Field("amount", .decimal(DecimalRule(example: "100000")), .required, "How much of it."),
    ])

  private static func plugin(_ example: String) -> [Field] {
    [
      Field(
        "plugin", .name(bytesMax: 63), .required, "The plugin's id, such as \"\(example)\"."),
      Field("version", .version, .optional, "That version only; the newest found when absent."),
      Field(
        "parameters", .parameters, .initially([:]),
        "Values of parameters that the plugin declares; its own defaults for the others."),
    ]
  }

  private static let symbols = ValueRule.list(of: .name(bytesMax: 31), count: 1...256)
  private static let fee = ValueRule.decimal(
    DecimalRule(minimum: "-1", maximum: "1", example: "0.0005"))
}

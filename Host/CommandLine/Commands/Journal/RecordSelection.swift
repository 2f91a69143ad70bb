import History
import Market
import PluginBridge
import Storage
import Wording

/// Which records of a journal a command line asks for, and the walk over them.
struct RecordSelection {
  static let options: [CommandOption] = [
    .value("from", "TIME", "Only records at or after it, such as 2024-01-01T09:30:00Z."),
    .value("to", "TIME", "Only records before it."),
    .value("slot", "NAME", "Only this slot's records, and what became of its orders."),
  ]
  static let types = CommandOption.value(
    "type", "NAME", "Only records of this type, such as fill.", occurrence: .repeated)

  /// The next wanted record is asked for, or none is.
  enum Next { case more, enough }

  let path: String
  private(set) var filter = RecordFilter()

  init(_ arguments: ParsedArguments) throws(CommandError) {
    path = arguments.argument("journal") ?? ""
    for name in arguments.list("type") { filter.types.insert(try Self.type(named: name)) }
    filter.from = try Self.time(arguments, "from")
    filter.to = try Self.time(arguments, "to")
    filter.slot = arguments.text("slot")
  }

  /// Gives each wanted record, until `take` has enough. At the end of what is written it asks
  /// `wait` whether to look again.
  func read(
    take: (Record, RecordText) -> Next, wait: () -> Bool = { false }
  ) throws(CommandError) {
    var text = RecordText()
    do throws(StorageError) {
      var reader = try JournalReader(directory: path)
      reading: repeat {
        while let record = try reader.next() {
          text.learn(record)
          if filter.isPast(record) { break reading }
          guard filter.accepts(record, text.names) else { continue }
          if take(record, text) == .enough { return }
        }
      } while wait()
    } catch { throw CommandError(error) }
    try checkSlot(text.names)
  }

  /// A slot's name is known once it has started, so a wrong one shows at the end.
  private func checkSlot(_ names: RecordNames) throws(CommandError) {
    guard let slot = filter.slot, !names.slotNames.contains(slot) else { return }
    throw CommandError(
      subject: path, "there is no slot '\(slot)' in this journal",
      remedy: Suggestion.remedy(for: slot, among: names.slotNames))
  }

  static func type(named name: String) throws(CommandError) -> Int {
    if let type = RecordKind.type(named: name) { return type }
    throw CommandError(
      .usage, subject: "--type",
      "there is no record type '\(name)'" + Suggestion.phrase(for: name, among: RecordKind.names),
      remedy: "Use one of: \(RecordKind.names.joined(separator: ", "))")
  }

  static func time(
    _ arguments: ParsedArguments, _ option: String
  ) throws(CommandError) -> Timestamp? {
    guard let text = arguments.text(option) else { return nil }
    if let time = UTCTime.parse(text) { return time }
    if let nanoseconds = Int64(text) { return Timestamp(nanoseconds: nanoseconds) }
    throw CommandError(
      .usage, subject: "--\(option)", "'\(text)' is no time",
      remedy: "Write it as 2024-01-01T09:30:00Z, or as nanoseconds since 1970")
  }
}

package import JSON
import Market
import PluginABI
package import PluginBridge
import Wording

/// A journal's records in words, each as a line for people or as JSON.
package struct RecordText {
  package private(set) var names = RecordNames()

  package init() {}

  /// Every record of the journal, in order, also those that are not asked about.
  package mutating func learn(_ record: Record) { names.learn(record) }

  /// What is absent is left out.
  package func line(_ record: Record) -> String {
    "\(record.sequence)  \(UTCTime.text(record.time))  \(words(record))"
  }

  /// The same without its place in the journal.
  package func words(_ record: Record) -> String {
    let details = RecordColumn.all(of: record.type).compactMap { column in
      column.text(record, names).map { "\(column.name) \($0)" }
    }
    return ([RecordKind.name(record.type)] + details).joined(separator: "  ")
  }

  /// Every column of its type, null where it is absent.
  package func json(_ record: Record) -> JSONValue {
    .object(
      [
        ("seq", .integer(record.sequence)), ("time", .string(UTCTime.text(record.time))),
        ("nanoseconds", .integer(record.time.nanoseconds)),
        ("type", .string(RecordKind.name(record.type))),
      ] + RecordColumn.all(of: record.type).map { ($0.name, $0.read(record, names)) })
  }
}

import Market
package import PluginBridge
import Wording

/// The records of one type as comma-separated values, as RFC 4180 has them: a header, lines that
/// end in CR LF, quotes around what holds a comma, a quote or a line end. Null is an empty field.
package struct RecordTable {
  private let columns: [RecordColumn]

  package init(type: Int) { columns = RecordColumn.all(of: type) }

  package var header: String { Self.line(["seq", "time", "nanoseconds"] + columns.map(\.name)) }

  package func row(_ record: Record, _ names: RecordNames) -> String {
    Self.line(
      ["\(record.sequence)", UTCTime.text(record.time), "\(record.time.nanoseconds)"]
        + columns.map { $0.text(record, names) ?? "" })
  }

  static func line(_ fields: [String]) -> String {
    fields.map(quoted).joined(separator: ",") + "\r\n"
  }

  private static func quoted(_ field: String) -> String {
    let special: Set<UInt8> = [
      UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\r"), UInt8(ascii: "\n"),
    ]
    guard field.utf8.contains(where: special.contains) else { return field }
    // By bytes: CR LF is one character, and a quote may carry a combining mark.
    var bytes = [UInt8(ascii: "\"")]
    for byte in field.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
    return String(decoding: bytes, as: UTF8.self)
  }
}

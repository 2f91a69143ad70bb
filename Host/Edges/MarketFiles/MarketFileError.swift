import Wording

/// What is wrong with a file of market data: where, why, and what to do about it.
package struct MarketFileError: Error, Sendable, CustomStringConvertible {
  package enum Code: Sendable, Equatable {
    /// The file cannot be opened or read.
    case io
    /// It is compressed, and the compressed bytes are torn or wrong.
    case damaged
    /// It is no text with rows, or rows of a kind that is not known.
    case layout
    /// One row is wrong; the rows behind it can be read.
    case row
    /// More than the limits of this reader.
    case limit
  }

  package let code: Code
  package let file: String
  /// Counted from 1, as an editor does.
  package let line: Int?
  package let column: String?
  package let message: String
  package let remedy: String

  package init(
    _ code: Code, _ file: String, line: Int? = nil, column: String? = nil, _ message: String,
    remedy: String
  ) {
    self.code = code
    self.file = file
    self.line = line
    self.column = column
    self.message = message
    self.remedy = remedy
  }

  /// `trades.csv, line 12, column "price"`.
  package var place: String {
    file + (line.map { ", line \($0)" } ?? "") + (column.map { ", column \"\($0)\"" } ?? "")
  }

  package var description: String { "\(place): \(message); \(remedy)" }

  static func system(_ number: Int32, _ path: String, _ action: String) -> MarketFileError {
    MarketFileError(
      .io, path, "cannot \(action): \(SystemText.reason(number))",
      remedy: "check the path, and that this user may read it")
  }
}

import Glibc
import TestSupport

/// Changes one byte of a file for a while.
struct BitFlipper: ~Copyable {
  private let file: Int32

  init(_ path: String) throws {
    file = open(path, O_RDWR | O_CLOEXEC)
    guard file >= 0 else { throw ToolFailure(text: "cannot open \(path)") }
  }

  deinit { _ = close(file) }

  func with(_ index: Int, _ other: UInt8, _ usual: UInt8, _ body: () throws -> Void) throws {
    for value in [other, usual] {
      var byte = value
      guard pwrite(file, &byte, 1, off_t(index)) == 1 else {
        throw ToolFailure(text: "cannot change byte \(index)")
      }
      if value == other { try body() }
    }
  }
}

/// Why bytes are not taken for a snapshot of this kernel.
package struct SnapshotRefusal: Error, Equatable, Sendable, CustomStringConvertible {
  package enum Code: Sendable {
    /// Not what was written: cut off, or changed.
    case damaged
    /// Written by a keel that counts its state otherwise.
    case schema
    /// Of another session, or of one with tables of other sizes.
    case foreign
    /// Each number can be true, and all of them together cannot.
    case contradicts
  }

  package let code: Code
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package var description: String { message }
}

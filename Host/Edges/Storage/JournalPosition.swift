/// Where a frame begins: the segment's number and the byte in that segment's file.
package struct JournalPosition: Sendable, Equatable, CustomStringConvertible {
  package var segment: Int
  package var offset: Int

  package init(segment: Int, offset: Int) {
    self.segment = segment
    self.offset = offset
  }

  package var description: String {
    "\(JournalDirectory.fileName(segment)) at byte \(offset)"
  }
}

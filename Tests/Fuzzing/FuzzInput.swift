/// The bytes of one input, taken from the front. What is not there any more is zero, so that every
/// input means something.
struct FuzzInput {
  private(set) var rest: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

  var isEmpty: Bool { rest.isEmpty }

  mutating func byte() -> UInt8 { bytes(1).first ?? 0 }

  /// At most so many.
  mutating func bytes(_ count: Int) -> UnsafeRawBufferPointer {
    let taken = rest.prefix(count)
    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    return UnsafeRawBufferPointer(rebasing: taken)
  }

  /// Fills the front of a C struct, which is zero behind what there is.
  mutating func fill<C: BitwiseCopyable>(_ record: inout C, from offset: Int = 0) {
    let taken = bytes(MemoryLayout<C>.size - offset)
    withUnsafeMutableBytes(of: &record) { all in
      UnsafeMutableRawBufferPointer(rebasing: all[offset...]).copyMemory(from: taken)
    }
  }
}

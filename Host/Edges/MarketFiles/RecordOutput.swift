/// Records being made, contiguous. Grows with the largest message.
final class RecordOutput {
  /// The largest message that is taken for one: no venue has as many levels.
  static let messageBytesMax = 64 << 20

  private(set) var base: UnsafeMutableRawPointer
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int = 512 << 10) {
    self.capacity = capacity
    base = .allocate(byteCount: capacity, alignment: 16)
  }

  deinit { base.deallocate() }

  @inline(__always)
  func append<C: BitwiseCopyable>(_ record: C) {
    if count &+ MemoryLayout<C>.size > capacity { grow() }
    (base + count).storeBytes(of: record, as: C.self)
    count &+= MemoryLayout<C>.size
  }

  private func grow() {
    let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity * 2, alignment: 16)
    larger.copyMemory(from: base, byteCount: count)
    base.deallocate()
    base = larger
    capacity *= 2
  }

  /// Drops this many bytes from the front.
  func removeFirst(_ bytes: Int) {
    base.copyMemory(from: base + bytes, byteCount: count - bytes)
    count -= bytes
  }

  func removeLast(to length: Int) { count = length }
}

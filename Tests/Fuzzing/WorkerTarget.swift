import WorkerChannel

/// Any bytes as what a worker wrote into its half of the shared memory: indices, sizes and
/// messages. The host takes messages out until there are none, or one cannot be; what it copies
/// stays within its own room, and its place within the ring.
enum WorkerTarget {
  private static let capacity = 4_096
  private static let room = 1_024
  private static let guardByte: UInt8 = 0xa5

  static func run(_ bytes: UnsafeRawBufferPointer) {
    var input = FuzzInput(bytes)
    let memory = Memory(capacity: capacity)
    let start = memory.number(&input) & ~7
    var ring = worker_ring(
      indices: memory.indices, bytes: memory.bytes, capacity: capacity, place: start, read: start)
    memory.setTail(start &+ UInt64(truncatingIfNeeded: memory.number(&input)))
    memory.fill(&input)
    var copy = [UInt8](repeating: guardByte, count: room + 64)
    var taken = 0
    while true {
      var message = worker_message()
      var defect: UnsafePointer<CChar>?
      let before = ring.place
      let found = Int(worker_ring_take(&ring, &message, &copy, room, &defect))
      precondition(copy[room...].allSatisfy { $0 == guardByte }, "a copy fits its room")
      guard found == Int(WORKER_RING_HAS) else {
        precondition(ring.place == before, "what is not taken stays")
        precondition((found == Int(WORKER_RING_BROKEN)) == (defect != nil), "a defect has a name")
        break
      }
      let size = Int(message.size)
      precondition(ring.place == before &+ UInt64(size), "a message is taken whole")
      let payload = size - MemoryLayout<worker_message>.size
      precondition(
        size % 8 == 0 && (0..<8).contains(payload - Int(message.payload)), "sizes are checked")
      taken += size
      // The worker goes on writing meanwhile.
      if input.isEmpty { continue }
      memory.setTail(ring.place &+ memory.number(&input) % UInt64(capacity))
      memory.fill(&input)
      precondition(taken < 1 << 24, "every message uses input up, or the ring")
    }
  }

  /// A ring whose bytes lie twice in succession, as they are mapped.
  private final class Memory {
    let indices: OpaquePointer
    let bytes: UnsafeMutablePointer<UInt8>
    private let raw: UnsafeMutableRawPointer
    private let capacity: Int
    /// Tail, head, and the bell, two cache lines each.
    private static let indexBytes = 384

    init(capacity: Int) {
      self.capacity = capacity
      raw = .allocate(byteCount: Self.indexBytes, alignment: 128)
      raw.initializeMemory(as: UInt8.self, repeating: 0, count: Self.indexBytes)
      indices = OpaquePointer(raw)
      bytes = .allocate(capacity: 2 * capacity)
      bytes.initialize(repeating: 0, count: 2 * capacity)
    }

    deinit {
      raw.deallocate()
      bytes.deallocate()
    }

    func number(_ input: inout FuzzInput) -> UInt64 {
      var number: UInt64 = 0
      input.fill(&number)
      return number
    }

    /// The writer's index is the first of the indices.
    func setTail(_ tail: UInt64) { raw.storeBytes(of: tail, as: UInt64.self) }

    /// At a place that the input names.
    func fill(_ input: inout FuzzInput) {
      let place = Int(number(&input) % UInt64(capacity))
      for (offset, byte) in input.bytes(256).enumerated() {
        let at = (place + offset) % capacity
        bytes[at] = byte
        bytes[at + capacity] = byte
      }
    }
  }
}

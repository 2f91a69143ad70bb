/// The newest `capacity` elements, oldest first; pushing into a full one drops the oldest. Its
/// memory is taken once, at the first push.
public struct RingBuffer<Element> {
  public let capacity: Int
  private var storage: [Element] = []
  /// Where the oldest element lies.
  private var head = 0

  public init(capacity: Int) {
    precondition(capacity > 0, "a ring buffer holds at least one element")
    self.capacity = capacity
    storage.reserveCapacity(capacity)
  }

  public var count: Int { storage.count }
  public var isEmpty: Bool { storage.isEmpty }
  public var isFull: Bool { storage.count == capacity }
  public var first: Element? { isEmpty ? nil : self[0] }
  public var last: Element? { isEmpty ? nil : self[count - 1] }

  /// 0 is the oldest.
  public subscript(index: Int) -> Element {
    precondition(index >= 0 && index < storage.count, "the index is inside the ring buffer")
    let position = head + index
    return storage[position < capacity ? position : position - capacity]
  }

  /// What had to leave, if anything did.
  @discardableResult
  public mutating func push(_ element: Element) -> Element? {
    if storage.count < capacity {
      storage.append(element)
      return nil
    }
    let dropped = storage[head]
    storage[head] = element
    head = head + 1 == capacity ? 0 : head + 1
    return dropped
  }

  public mutating func removeAll() {
    storage.removeAll(keepingCapacity: true)
    head = 0
  }
}

extension RingBuffer where Element: StateValue {
  public func write(to state: inout StateWriter) {
    state.writeInteger(UInt32(count))
    for index in 0..<count { state.write(self[index]) }
  }

  /// Keeps this buffer's capacity, and the newest of what was saved.
  public mutating func restore(from state: inout StateReader) throws(StateError) {
    let count = try state.readCount(elementBytes: 1)
    removeAll()
    for _ in 0..<count { push(try Element(from: &state)) }
  }
}

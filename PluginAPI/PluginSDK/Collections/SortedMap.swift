/// Values by key in ascending order of key, so that walking it is the same in every run. For small
/// tables: finding halves, inserting moves the tail.
public struct SortedMap<Key: Comparable, Value> {
  public private(set) var keys: [Key] = []
  public private(set) var values: [Value] = []

  public init() {}

  public var count: Int { keys.count }
  public var isEmpty: Bool { keys.isEmpty }

  public mutating func reserveCapacity(_ capacity: Int) {
    keys.reserveCapacity(capacity)
    values.reserveCapacity(capacity)
  }

  public mutating func removeAll() {
    keys.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
  }

  public func index(of key: Key) -> Int? {
    let index = lowerBound(key)
    return index < keys.count && keys[index] == key ? index : nil
  }

  public subscript(key: Key) -> Value? {
    get { index(of: key).map { values[$0] } }
    set {
      let index = lowerBound(key)
      let exists = index < keys.count && keys[index] == key
      switch (newValue, exists) {
      case (let value?, true): values[index] = value
      case (let value?, false):
        keys.insert(key, at: index)
        values.insert(value, at: index)
      case (nil, true):
        keys.remove(at: index)
        values.remove(at: index)
      case (nil, false): break
      }
    }
  }

  /// In place, beginning with `initial` where it is missing. No closure: one that read a neighbour
  /// of the map would copy the whole value they both stand in.
  public subscript(key: Key, default initial: Value) -> Value {
    get { index(of: key).map { values[$0] } ?? initial }
    _modify {
      let index = lowerBound(key)
      if index == keys.count || keys[index] != key {
        keys.insert(key, at: index)
        values.insert(initial, at: index)
      }
      yield &values[index]
    }
  }

  private func lowerBound(_ key: Key) -> Int {
    var low = 0
    var high = keys.count
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension SortedMap: StateValue where Key: StateValue, Value: StateValue {
  public func write(to state: inout StateWriter) {
    state.write(keys)
    for value in values { state.write(value) }
  }
  public init(from state: inout StateReader) throws(StateError) {
    keys = try state.read()
    for index in keys.indices.dropFirst() where !(keys[index - 1] < keys[index]) {
      throw StateError(.invalid, "order of keys")
    }
    values = []
    for _ in keys { values.append(try Value(from: &state)) }
  }
}

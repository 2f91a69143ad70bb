/// Something whose shape comes from parameters and whose content is saved: reading keeps the shape.
/// A window whose length was changed between two versions so takes over what fits.
public protocol Restorable {
  func write(to state: inout StateWriter)
  mutating func restore(from state: inout StateReader) throws(StateError)
}

extension RingBuffer: Restorable where Element: StateValue {}
extension RollingMean: Restorable {}
extension RollingVariance: Restorable {}

extension SortedMap where Key: StateValue, Value: Restorable {
  public func write(to state: inout StateWriter) {
    state.write(keys)
    for value in values { value.write(to: &state) }
  }

  /// `made` is what a new value looks like before it is filled.
  public mutating func restore(
    from state: inout StateReader, into made: Value
  ) throws(StateError) {
    let saved: [Key] = try state.read()
    removeAll()
    for key in saved {
      var value = made
      try value.restore(from: &state)
      self[key] = value
    }
  }
}

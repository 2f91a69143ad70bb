/// Elements in ascending order, equal ones included. Searching halves, inserting moves the tail.
public struct SortedArray<Element: Comparable> {
  public private(set) var elements: [Element] = []

  public init() {}

  public var count: Int { elements.count }
  public var isEmpty: Bool { elements.isEmpty }
  public subscript(index: Int) -> Element { elements[index] }
  public mutating func reserveCapacity(_ capacity: Int) { elements.reserveCapacity(capacity) }

  /// The first index whose element is not below `element`.
  public func lowerBound(_ element: Element) -> Int {
    var low = 0
    var high = elements.count
    while low < high {
      let middle = (low + high) / 2
      if elements[middle] < element { low = middle + 1 } else { high = middle }
    }
    return low
  }

  public func contains(_ element: Element) -> Bool {
    let index = lowerBound(element)
    return index < elements.count && elements[index] == element
  }

  public mutating func insert(_ element: Element) {
    elements.insert(element, at: lowerBound(element))
  }

  /// Removes one of the elements equal to it; false when there is none.
  @discardableResult
  public mutating func remove(_ element: Element) -> Bool {
    let index = lowerBound(element)
    guard index < elements.count, elements[index] == element else { return false }
    elements.remove(at: index)
    return true
  }
}

/// A fixed number of places, allocated once. Every access is checked; none counts references.
///
/// A value that holds a table lies where it lies: asking it something never copies it, as it would
/// a large value made of arrays, which is most of what a turn then costs.
package struct Table<Element: ~Copyable>: ~Copyable {
  package let count: Int
  private let base: UnsafeMutablePointer<Element>
  private let inPlace = InPlace()

  package init(count: Int, _ make: (Int) -> Element) {
    self.count = count
    base = .allocate(capacity: count)
    for index in 0..<count { (base + index).initialize(to: make(index)) }
  }

  deinit {
    base.deinitialize(count: count)
    base.deallocate()
  }

  package var indices: Range<Int> { 0..<count }

  package subscript(index: Int) -> Element {
    @inline(__always) _read {
      check(index)
      yield base[index]
    }
    @inline(__always) _modify {
      check(index)
      yield &base[index]
    }
  }

  @inline(__always)
  private func check(_ index: Int) {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "an index is one of the table")
  }
}

extension Table {
  init(repeating element: Element, count: Int) {
    self.init(count: count) { _ in element }
  }

  init(copying other: borrowing Table) {
    let elements = other.elements
    self.init(count: other.count) { elements[$0] }
  }

  /// For walks over all of them, while the table is there.
  package var elements: UnsafeBufferPointer<Element> {
    UnsafeBufferPointer(start: base, count: count)
  }
  var mutableElements: UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(start: base, count: count)
  }

  func isEqual(to other: borrowing Table) -> Bool where Element: Equatable {
    elements.elementsEqual(other.elements)
  }
}

/// Pointer and count: it may go where its elements may.
extension Table: @unchecked Sendable where Element: Sendable & ~Copyable {}

/// Of no size, and of no layout the compiler knows: what holds one is passed by address.
@_rawLayout(size: 0, alignment: 1)
struct InPlace: ~Copyable {}

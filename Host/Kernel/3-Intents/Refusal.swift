/// Why something was not done, with the numbers compared where there are any.
package struct Refusal: Error, Equatable, Sendable {
  package var reason: Int
  package var value: Int64?
  package var limit: Int64?

  package init(_ reason: Int, value: Int64? = nil, limit: Int64? = nil) {
    self.reason = reason
    self.value = value
    self.limit = limit
  }
}

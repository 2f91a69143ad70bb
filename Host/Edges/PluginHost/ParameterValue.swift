/// A configured value. A choice of an enumeration arrives as text.
package enum ParameterValue: Sendable, Equatable, CustomStringConvertible {
  case boolean(Bool)
  case integer(Int64)
  case decimal(Double)
  case text(String)

  package var description: String {
    switch self {
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .decimal(let value): "\(value)"
    case .text(let value): "\"\(value)\""
    }
  }
}

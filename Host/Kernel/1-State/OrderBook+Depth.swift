package import Market

/// Questions a decision may rest on: a book that is not valid answers none of them, and what is
/// behind the horizon of a truncated side is not known. Between turns a message may be half
/// applied: `isMidMessage` says so.
extension OrderBook {
  package var bestBid: BookLevel? { isValid ? bids.first : nil }
  package var bestAsk: BookLevel? { isValid ? asks.first : nil }

  /// What is offered at a price, zero where nothing is; nil where that is not known.
  package func quantity(_ side: Side, at price: Price) -> Quantity? {
    guard price.mantissa > 0, isValid else { return nil }
    return switch side {
    case .buy: bids.knows(price) ? bids.quantity(at: price) : nil
    case .sell: asks.knows(price) ? asks.quantity(at: price) : nil
    }
  }

  /// All that is offered on a side from its best price up to this one, which counts too; nil where
  /// that is not known. A sum beyond 64 bits is the greatest quantity there is.
  package func quantity(_ side: Side, upTo price: Price) -> Quantity? {
    guard price.mantissa > 0, isValid else { return nil }
    return switch side {
    case .buy: bids.knows(price) ? bids.sum { $0 >= price } : nil
    case .sell: asks.knows(price) ? asks.sum { $0 <= price } : nil
    }
  }

  /// The worst price that an order of this side pays or gets when it takes `quantity` at once; nil
  /// where what is known of the other side is not enough.
  package func worstPrice(toFill quantity: Quantity, _ side: Side) -> Price? {
    guard isValid else { return nil }
    return switch side {
    case .buy: asks.price(reaching: quantity)
    case .sell: bids.price(reaching: quantity)
    }
  }
}

extension BookSide {
  fileprivate func sum(while isWanted: (Price) -> Bool) -> Quantity {
    var sum: Int64 = 0
    for level in self {
      guard isWanted(level.price) else { break }
      let (total, overflow) = sum.addingReportingOverflow(level.quantity.mantissa)
      guard !overflow else { return Quantity(mantissa: .max) }
      sum = total
    }
    return Quantity(mantissa: sum)
  }

  fileprivate func price(reaching wanted: Quantity) -> Price? {
    var left = wanted
    for level in self {
      guard level.quantity < left else { return level.price }
      left = left - level.quantity
    }
    return nil
  }
}

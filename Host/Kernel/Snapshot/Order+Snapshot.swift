import Market
import PluginBridge

extension Order: SnapshotElement {
  package static var blank: Order {
    Order(
      id: 0, slot: 0, generation: 0, author: 0, intentID: 0, instrument: .blank, side: .buy,
      type: .market, timeInForce: .goodTillCancelled, flags: 0, quantity: .zero)
  }

  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&id)
    codec.value(&slot)
    codec.value(&generation)
    codec.value(&author)
    codec.value(&intentID)
    codec.value(&instrument)
    codec.value(&account)
    codec.value(&side)
    codec.value(&positionSide)
    codec.value(&type)
    codec.value(&timeInForce)
    codec.value(&flags)
    codec.value(&limit)
    codec.value(&trigger)
    codec.value(&trail)
    codec.value(&expires)
    codec.value(&deadline)
    codec.value(&link)
    codec.value(&linkID)
    codec.value(&entry)
    codec.value(&quantity)
    codec.value(&display)
    codec.value(&filled)
    codec.amount(&value)
    codec.value(&state)
    codec.value(&reason)
    codec.value(&isSent)
    codec.value(&isTriggered)
    codec.value(&isDormant)
    codec.value(&endsAs)
    codec.value(&crossed)
    codec.amount(&crossedValue)
    codec.value(&takenOff)
    codec.value(&wantedLimit)
    codec.value(&wantedTrigger)
    codec.value(&wantedQuantity)
    codec.value(&ending)
    codec.value(&reported)
    codec.value(&asked)
    codec.require(
      filled <= quantity && crossed <= filled && takenOff <= filled,
      "an order fills at most its quantity")
  }
}

extension OrderNames: SnapshotElement {
  static var blank: OrderNames { OrderNames() }

  mutating func code(_ codec: inout SnapshotCodec) {
    for index in client.indices { codec.value(&client[index]) }
    for index in venue.indices { codec.value(&venue[index]) }
  }
}

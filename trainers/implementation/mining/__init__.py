"""Mining: parameters of the implementation world, estimated from event logs of past projects."""

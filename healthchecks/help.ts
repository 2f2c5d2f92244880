export const HELP = `Asks an IB gateway over its own API whether it works and, if not, says why.

  npm run probe -- [flags]

  --host HOST         where the gateway listens (127.0.0.1)
  --port PORT         its API port (4002)
  --client-id N       an id no other client uses (999)
  --level LEVEL       how far to go (session):
                        connect   a TCP connection
                        hello     the versions are agreed on
                        session   accounts and the next order id have come
                        account   the clock and the account summary are answered
                        data      market data: the first tick decides
                        orders    a what-if order, on a paper account only, and what
                                  became of orders; nothing is ever placed
                        all       account, data and orders
  --timeout TIME      for all stages together: 500ms, 10s, 2m (10s)
  --symbol SYMBOL     the US stock that data and orders ask about (SPY)
  --allow-live        lets orders send its what-if order to a live account too
  --json              the whole verdict as one line of JSON
  --prometheus        the verdict as metrics
  --help              this text

  Exit code: 0 healthy, 1 unhealthy, 2 a flag cannot be used.
`;

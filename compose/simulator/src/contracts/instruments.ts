/** Something that is traded for itself (a stock, an ETF) and that options can be written on. */
export interface Instrument {
  /** Its place in the list: option contract ids are made of it, so the list only ever grows at its end. */
  readonly index: number;
  readonly conId: number;
  readonly symbol: string;
  readonly longName: string;
  readonly primaryExch: string;
  readonly tradingClass: string;
  readonly stockType: 'COMMON' | 'ETF';
  readonly industry: string;
  readonly category: string;
  readonly subcategory: string;
  /** US dollars, around which its simulated price moves. */
  readonly price: number;
  /** Of a year, as a fraction. */
  readonly volatility: number;
  /** Shares a day. */
  readonly volume: number;
  /** US dollars between two strikes of its options. */
  readonly strikeStep: number;
}

type Kind = readonly [industry: string, category: string, subcategory: string];

const FUND: Kind = ['', '', ''];
const SOFTWARE: Kind = ['Technology', 'Software', 'Applications Software'];
const CHIPS: Kind = ['Technology', 'Semiconductors', 'Electronic Compo-Semicon'];
const COMPUTERS: Kind = ['Technology', 'Computers', 'Computers'];
const INTERNET: Kind = ['Communications', 'Internet', 'E-Commerce/Services'];
const MEDIA: Kind = ['Communications', 'Internet', 'Web Portals/ISP'];
const CARS: Kind = ['Consumer, Cyclical', 'Auto Manufacturers', 'Auto-Cars/Light Trucks'];
const BANKS: Kind = ['Financial', 'Banks', 'Diversified Banking Inst'];

/** Contract ids of this project's own, where the real one isn't a known fact (above all that IB has given out). */
const OWN = 900_000_000;

type Row = readonly [
  symbol: string,
  conId: number,
  longName: string,
  primaryExch: string,
  price: number,
  volatility: number,
  millionShares: number,
  kind?: Kind,
];

// Real contract ids where they are known facts: AAPL and AMZN from frames captured from a live gateway, the others
// as IB's contract search shows them.
const ROWS: readonly Row[] = [
  ['AAPL', 265598, 'APPLE INC', 'NASDAQ', 255, 0.28, 50, COMPUTERS],
  ['AMZN', 3691937, 'AMAZON.COM INC', 'NASDAQ', 200, 0.32, 40, INTERNET],
  ['META', 107113386, 'META PLATFORMS INC-CLASS A', 'NASDAQ', 640, 0.34, 12, MEDIA],
  ['MSFT', 272093, 'MICROSOFT CORP', 'NASDAQ', 480, 0.25, 22, SOFTWARE],
  ['NVDA', 4815747, 'NVIDIA CORP', 'NASDAQ', 180, 0.42, 190, CHIPS],
  ['GOOG', 208813720, 'ALPHABET INC-CL C', 'NASDAQ', 280, 0.3, 20, MEDIA],
  ['TSLA', 76792991, 'TESLA INC', 'NASDAQ', 400, 0.55, 85, CARS],
  ['AMD', 4391, 'ADVANCED MICRO DEVICES', 'NASDAQ', 210, 0.48, 40, CHIPS],
  ['IBM', 8314, 'INTL BUSINESS MACHINES CORP', 'NYSE', 290, 0.24, 4, COMPUTERS],
  ['JPM', 1520593, 'JPMORGAN CHASE & CO', 'NYSE', 300, 0.24, 9, BANKS],
  ['SPY', 756733, 'SS SPDR S&P 500 ETF TRUST-US', 'ARCA', 660, 0.16, 75, FUND],
  ['QQQ', 320227571, 'INVESCO QQQ TRUST SERIES 1', 'NASDAQ', 600, 0.2, 55, FUND],
  ['IWM', 9579970, 'ISHARES RUSSELL 2000 ETF', 'ARCA', 240, 0.22, 35, FUND],
  ['DIA', 73128548, 'SS SPDR DJIA ETF TRUST', 'ARCA', 465, 0.15, 4, FUND],
  ['XLE', OWN + 1, 'SS ENERGY SELECT SECTOR SPDR', 'ARCA', 90, 0.24, 16, FUND],
  ['XLF', OWN + 2, 'SS FINANCIAL SELECT SECTOR SPD', 'ARCA', 53, 0.18, 40, FUND],
  ['XLI', OWN + 3, 'SS INDUSTRIAL SELECT SECTOR SP', 'ARCA', 153, 0.18, 9, FUND],
  ['XLK', OWN + 4, 'SS TECHNOLOGY SELECT SECTOR SP', 'ARCA', 280, 0.24, 8, FUND],
  ['XLP', OWN + 5, 'SS CONSUMER STAPLES SELECT SEC', 'ARCA', 79, 0.13, 12, FUND],
  ['XLV', OWN + 6, 'SS HEALTH CARE SELECT SECTOR S', 'ARCA', 150, 0.15, 10, FUND],
  ['XLY', OWN + 7, 'SS CONSUMER DISCRETIONARY SELE', 'ARCA', 235, 0.22, 5, FUND],
  ['XLB', OWN + 8, 'SS MATERIALS SELECT SECTOR SPD', 'ARCA', 89, 0.18, 6, FUND],
  ['XLRE', OWN + 9, 'SS REAL ESTATE SELECT SECTOR S', 'ARCA', 42, 0.17, 5, FUND],
  ['XLU', OWN + 10, 'SS UTILITIES SELECT SECTOR SPD', 'ARCA', 88, 0.16, 12, FUND],
  ['XLC', OWN + 11, 'SS COMMUNICATION SERVICES SELE', 'ARCA', 115, 0.18, 5, FUND],
];

function strikeStep(price: number): number {
  if (price < 100) return 1;
  return price < 250 ? 2.5 : 5;
}

/** All instruments, in a fixed order. */
export const instruments: readonly Instrument[] = ROWS.map((row, index) => {
  const [symbol, conId, longName, primaryExch, price, volatility, millions, kind = FUND] = row;
  const [industry, category, subcategory] = kind;
  return {
    index,
    conId,
    symbol,
    longName,
    primaryExch,
    // NASDAQ's listings share one trading class; others trade under their symbol.
    tradingClass: primaryExch === 'NASDAQ' ? 'NMS' : symbol,
    stockType: kind === FUND ? 'ETF' : 'COMMON',
    industry,
    category,
    subcategory,
    price,
    volatility,
    volume: millions * 1e6,
    strikeStep: strikeStep(price),
  };
});

const bySymbol = new Map(instruments.map((i) => [i.symbol, i]));
const byConId = new Map(instruments.map((i) => [i.conId, i]));

export function instrumentOf(symbol: string): Instrument | undefined {
  return bySymbol.get(symbol.toUpperCase());
}

export function instrumentById(conId: number): Instrument | undefined {
  return byConId.get(conId);
}

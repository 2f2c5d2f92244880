/** What the images' own files have in them, as far as our scripts and this project's facts about them go. */

export const STOCK_VMOPTIONS = `# a comment
-Xmx768m

# GC settings
-XX:+UseG1GC
-XX:MaxGCPauseMillis=200
-XX:ParallelGCThreads=20
-XX:ConcGCThreads=5
-XX:InitiatingHeapOccupancyPercent=70

-Dsun.awt.nopixfmt=true
`;

export const STOCK_CONFIG = {
  gnzsnz: `IbLoginId=\${TWS_USERID}
IbPassword=\${TWS_PASSWORD}
TradingMode=\${TRADING_MODE}
OverrideTwsMasterClientID=
#CommandServerPort=7462
CommandServerPort=0
BindAddress=
ControlFrom=
LogStructureScope=known
LogStructureWhen=never
`,
  extrange: `IbLoginId=edemo
IbPassword=demouser
TradingMode=live
CommandServerPort=0
`,
} as const;

export const STOCK_INI = `[IBGateway]
WriteDebug=false
TrustedIPs=127.0.0.1
ApiOnly=true

[Logon]
Locale=en
TimeZone=\${TIME_ZONE}
`;

/**
 * What run.sh of gnzsnz/ib-gateway does between our scripts and java: the heap by sed, then for each gateway its
 * ports, its config.ini and jts.ini out of the templates, and java with the lines of vmoptions that are no comment
 * and no -D, as IBC's ibcstart.sh reads them.
 */
export const GNZSNZ_RUN = `set -e
options="$TWS_PATH/ibgateway/$IB_GATEWAY_VERSION/ibgateway.vmoptions"
sed -i "s/-Xmx768m/-Xmx\${JAVA_HEAP_SIZE}m/g" "$options"
fill() { eval "cat <<END
$(<"$1")
END"; }
start() {
  case $TRADING_MODE in paper) API_PORT=4002 ;; live) API_PORT=4001 ;; *) exit 1 ;; esac
  TWS_PASSWORD=$(<"$TWS_PASSWORD_FILE")
  fill "$IBC_INI_TMPL" >"$IBC_INI"
  [ -d "$TWS_SETTINGS_PATH" ] || mkdir "$TWS_SETTINGS_PATH"
  [ -f "$TWS_SETTINGS_PATH/$TWS_INI" ] || fill "$TWS_PATH/$TWS_INI_TMPL" >"$TWS_SETTINGS_PATH/$TWS_INI"
  java $(grep -Ev '^(#|-D|$)' "$options") -DjtsConfigDir="$TWS_SETTINGS_PATH"
}
if [ "$TRADING_MODE" = both ]; then
  ini=$IBC_INI settings=$TWS_SETTINGS_PATH
  for TRADING_MODE in live paper; do
    [ $TRADING_MODE = paper ] && TWS_USERID=$TWS_USERID_PAPER TWS_PASSWORD_FILE=$TWS_PASSWORD_PAPER_FILE
    IBC_INI=\${ini}_$TRADING_MODE TWS_SETTINGS_PATH=\${settings}_$TRADING_MODE
    start
  done
else start; fi`;

/** What start.sh of extrange/ibkr does: the IBC_ variables over config.ini, then java as above. */
export const EXTRANGE_START = `set -e
for name in \${!IBC_@}; do
  key=\${name#IBC_}
  sed -i "/^$key=/d" ~/ibc/config.ini
  echo "$key=\${!name}" >>~/ibc/config.ini
done
java $(grep -Ev '^(#|-D|$)' ~/Jts/ibgateway/*/ibgateway.vmoptions) "--user=\${USERNAME:-}" "--pw=\${PASSWORD:-}"`;

package settings

import (
	"net"
	"net/netip"
	"os"
	"strconv"
	"time"
)

// A Host is where the program runs.
type Host string

// The hosts.
const (
	Standalone Host = "standalone"
	Functions  Host = "functions"
	Lambda     Host = "lambda"
)

// functionsStream is how long a stream may last behind Azure's load balancer, which ends a request that is
// idle for 230 s (contract/reliability.md section 2).
const functionsStream = 220 * time.Second

// checkHost checks and completes what depends on the host.
func (s *Settings) checkHost() (found complaints) {
	scope := place{"CONNECTOR_RATE_LIMIT_SCOPE"}
	switch {
	case s.RateLimitScope == "shared":
		found.add(scope, "cannot be shared in this version; process says that every process keeps its own window")
	case s.RateLimitScope == "" && s.Host != Standalone:
		found.add(scope, "is missing; process says in so many words that the limit holds for each instance, not for all")
	case s.RateLimitScope != "" && s.RateLimitScope != "process":
		found.add(scope, "must be process")
	}
	if _, given := os.LookupEnv("CONNECTOR_STREAM_TIMEOUT"); s.Host == Functions && !given {
		s.StreamTimeout = functionsStream
	}
	return found
}

// timerZone is the time zone in which the platform fires all timers, and the rule that says so. It is "" where
// each schedule has its own.
func (h Host) timerZone() (zone, rule string) {
	if h != Functions {
		return "", ""
	}
	switch set := os.Getenv("WEBSITE_TIME_ZONE"); {
	case os.Getenv("WEBSITE_SKU") == "FlexConsumption":
		return "UTC", "must be UTC, in which Flex Consumption fires all timers; remove it, and put cron into UTC"
	case set != "":
		return set, "must be the time zone in WEBSITE_TIME_ZONE, in which the app fires all its timers"
	}
	return "UTC", "must be UTC, in which an app fires all its timers unless WEBSITE_TIME_ZONE names another time zone"
}

// isOpen reports whether a connection takes everyone who reaches the process: only on a machine of one's own.
func (s *Settings) isOpen(callers []caller) bool {
	return len(callers) == 0 && s.Host == Standalone
}

// checkReach refuses connections that anyone could use over the network.
func (b *builder) checkReach() {
	if b.settings.Host != Standalone {
		if !b.settings.TrustPlatform && !b.known.touch(place{"auth", "trustPlatform"}) {
			b.demandCallers("is missing, and nobody else checks who calls; set it, or auth.trustPlatform")
		}
		return
	}
	host, port, err := net.SplitHostPort(b.settings.Listen)
	if n, errPort := strconv.Atoi(port); err != nil || errPort != nil || n < 0 || n > 65535 {
		b.complain(place{"CONNECTOR_LISTEN"}, "must be an address and a port, such as 127.0.0.1:7071")
		return
	}
	ip, err := netip.ParseAddr(host)
	if host != "localhost" && (err != nil || !ip.IsLoopback()) {
		b.demandCallers("is missing, but CONNECTOR_LISTEN is open to others; set it, or listen on 127.0.0.1")
	}
}

func (b *builder) demandCallers(complaint string) {
	for _, c := range b.settings.Connections {
		if c.Bring == nil && !b.settings.Callers.Know(c.Name) {
			b.complain(place{"connections", c.Name, "callers"}, "%s", complaint)
		}
	}
}

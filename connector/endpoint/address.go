package endpoint

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// address is where an endpoint is, as read from its configuration (contract/reliability.md, S2). Spellings of
// one place give one address.
type address struct {
	scheme     string
	host       string // with the port, if it is not the scheme's own
	base       string // escaped path without a slash at its end
	apiVersion string // configured, or from a full target address, as portals show it
	loopback   bool   // the host is written as a loopback name or address
}

// Ends of a full target address, which is cut back to its base.
var operations = []string{"/chat/completions", "/images/embeddings", "/embeddings", "/completions", "/info", "/score"}

// parseAddress reads an endpoint's URL. Its errors never repeat the URL, which may hold a secret.
func parseAddress(text string, egress Egress) (address, error) {
	a, rest, ok := takeApart(text)
	if !ok {
		return address{}, errors.New("endpoint must be a whole URL, such as https://team.services.ai.azure.com/models")
	}
	return a, errors.Join(a.check(rest, egress)...)
}

// takeApart reads a URL that names a host. What has no place in an address stays in rest.
func takeApart(text string) (a address, rest *url.URL, ok bool) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" {
		return address{}, nil, false
	}
	a = address{scheme: u.Scheme, host: strings.ToLower(u.Host), loopback: isLoopbackName(u.Hostname())}
	if port := u.Port(); port == "" || port == map[string]string{"https": "443", "http": "80"}[u.Scheme] {
		a.host = strings.TrimSuffix(a.host, ":"+port)
	}
	a.base = canonical(u.EscapedPath())
	for _, operation := range operations {
		if base, ok := strings.CutSuffix(a.base, operation); ok {
			a.base = base
			if query := u.Query(); version.MatchString(query.Get("api-version")) {
				a.apiVersion = query.Get("api-version")
				query.Del("api-version")
				u.RawQuery = query.Encode()
			}
			break
		}
	}
	return a, u, true
}

// version is what an address may give as its api-version: a date, or a word such as preview.
var version = regexp.MustCompile(`^[A-Za-z0-9-]{0,32}$`)

var escape = regexp.MustCompile("%[0-9A-Fa-f]{2}")

// canonical writes an escaped path in the one way of all that mean the same (RFC 3986 section 6.2.2), with
// no empty segments and no slash at its end.
func canonical(escaped string) string {
	var path strings.Builder
	for segment := range strings.SplitSeq(escaped, "/") {
		if segment != "" {
			path.WriteString("/" + escape.ReplaceAllStringFunc(segment, shortest))
		}
	}
	return path.String()
}

// shortest returns the character of an escape that needs none, else the escape in capitals.
func shortest(escape string) string {
	c, err := url.PathUnescape(escape)
	if err == nil && (isLetter(c[0]) || c[0] >= '0' && c[0] <= '9' || strings.Contains("-._~", c)) {
		return c
	}
	return strings.ToUpper(escape)
}

func (a address) check(u *url.URL, egress Egress) (problems []error) {
	if u.User != nil {
		problems = append(problems, errors.New("endpoint must not hold a user name or password; a key goes into authentication"))
	}
	if u.RawQuery != "" || u.ForceQuery {
		problems = append(problems, errors.New("endpoint must not have a query; an api-version goes into apiVersion"))
	}
	if u.Fragment != "" {
		problems = append(problems, errors.New("endpoint must not have a fragment (#...)"))
	}
	if strings.HasSuffix(a.host, ".services.ai.azure.com") && strings.HasPrefix(a.base, "/api/projects") {
		problems = append(problems, errors.New("endpoint is a project's address; its models are at https://NAME.services.ai.azure.com/models"))
	}
	if a.climbs() {
		problems = append(problems, errors.New("endpoint must not have . or .. in its path"))
	}
	return append(problems, checkPlace("endpoint", u, egress, "egress")...)
}

// checkPlace complains about what may not be connected to, in the words of a field of the configuration. rules is
// where that has the rules of egress.
func checkPlace(field string, u *url.URL, egress Egress, rules string) (problems []error) {
	trusted := isLoopbackName(u.Hostname()) && egress.TrustLoopback
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		problems = append(problems, fmt.Errorf("%s must begin with https://", field))
	case u.Scheme == "http" && !trusted && !egress.AllowPlainHTTP:
		problems = append(problems, fmt.Errorf("%s must begin with https://; %s.allowPlainHttp permits http", field, rules))
	}
	if n, err := strconv.Atoi(u.Port()); u.Port() != "" && (err != nil || n < 1 || n > 65535) {
		problems = append(problems, fmt.Errorf("%s must have a port between 1 and 65535, or none", field))
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && !trusted && !egress.allows(ip) {
		problems = append(problems, fmt.Errorf("%s must be a host name; %s.allowCidrs permits an address such as %s", field, rules, ip))
	}
	return problems
}

// climbs reports whether the path has segments that servers resolve, so that it leads elsewhere than it says.
func (a address) climbs() bool {
	segments := strings.Split(a.base, "/")
	return slices.Contains(segments, ".") || slices.Contains(segments, "..")
}

func isLoopbackName(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback() || strings.EqualFold(host, "localhost")
}

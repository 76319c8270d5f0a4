package callers

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// EntraConfig says which tokens of Microsoft Entra ID are for us. Tenant and Audience are required.
type EntraConfig struct {
	Tenant    string         // the tenant's id: tokens hold no other name of it
	Audience  []string       // values of aud that mean us; one of them is enough
	Authority string         // https:// and the host of a cloud; PublicCloud when ""
	Roots     *x509.CertPool // whose certificates the authority may have; nil: the system's
}

// PublicCloud is the authority of tenants that are in no sovereign cloud.
const PublicCloud = "https://login.microsoftonline.com"

// The clouds of which version 1 tokens do not have issuerV1, by authority.
var (
	issuerV1      = "https://sts.windows.net"
	issuersV1Else = map[string]string{"https://login.partner.microsoftonline.cn": "https://sts.chinacloudapi.cn"}
)

// Entra checks tokens of one tenant. It is safe for concurrent use, and has nothing to close.
type Entra struct {
	tenant               string
	audience             []string
	issuerOne, issuerTwo string // of version 1 and 2 tokens
	keys                 *keySet
}

// NewEntra returns an Entra that has fetched nothing yet: that is done for the first token.
func NewEntra(c EntraConfig) *Entra {
	tenant, authority := strings.ToLower(c.Tenant), strings.ToLower(strings.TrimSuffix(c.Authority, "/"))
	if authority == "" {
		authority = PublicCloud
	}
	one, ok := issuersV1Else[authority]
	if !ok {
		one = issuerV1
	}
	e := &Entra{tenant: tenant, issuerOne: one + "/" + tenant + "/", issuerTwo: authority + "/" + tenant + "/v2.0"}
	for _, audience := range c.Audience {
		e.audience = append(e.audience, lowerGUID(audience))
	}
	e.keys = newKeySet(authority, tenant, c.Roots)
	return e
}

var guid = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

// lowerGUID writes an id as tokens do; any other text stays as it is.
func lowerGUID(text string) string {
	if guid.MatchString(text) {
		return strings.ToLower(text)
	}
	return text
}

// looksLikeToken reports whether text has the form of a signed token. An encrypted one has more parts.
func looksLikeToken(text string) bool { return strings.Count(text, ".") == 2 && isPlain(text) }

// maxToken is the size of the longest token that is read, in bytes.
const maxToken = 8 << 10

// An identity is whose a token is.
type identity struct {
	application string
	roles       []string
}

// refused is an ErrUnknown with a reason. Reasons repeat nothing of a token: they go to the log.
func refused(reason string) error { return fmt.Errorf("%w: %s", ErrUnknown, reason) }

// Headers by which a token would choose its own key, or ask for what we do not do.
var forbiddenHeaders = []jose.HeaderKey{"jku", "x5u", "crit", "b64"}

// check returns whose a token is (S9).
func (e *Entra) check(ctx context.Context, text string) (identity, error) {
	if len(text) > maxToken {
		return identity{}, refused("the token is too long")
	}
	token, err := jwt.ParseSigned(text, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return identity{}, refused("the token is not one that is signed with RS256")
	}
	header := token.Headers[0]
	for _, name := range forbiddenHeaders {
		if _, there := header.ExtraHeaders[name]; there {
			return identity{}, refused("the token's header has " + string(name))
		}
	}
	if header.JSONWebKey != nil || header.KeyID == "" {
		return identity{}, refused("the token brings a key, or names none")
	}
	// What is said first and proven last: a token for others is no reason to ask the authority.
	var c claims
	if token.UnsafeClaimsWithoutVerification(&c) != nil {
		return identity{}, refused("the token's claims are not of their types")
	}
	who, err := e.read(c)
	if err != nil {
		return identity{}, err
	}
	key, err := e.keys.find(ctx, header.KeyID)
	if err != nil {
		return identity{}, err
	}
	if token.Claims(key) != nil {
		return identity{}, refused("the token's signature is wrong")
	}
	return who, nil
}

// isOurs reports whether text, of the form of a token, is for us, and be it wrong in every other way: what is
// refused now may be good in a minute, or elsewhere. What is too long to be read is taken for ours.
func (e *Entra) isOurs(text string) bool {
	if len(text) > maxToken {
		return true
	}
	claims, _ := base64.RawURLEncoding.DecodeString(strings.TrimRight(strings.Split(text, ".")[1], "="))
	var said map[string]any
	_ = json.Unmarshal(claims, &said) // a claim that cannot be read takes nothing from the others
	audience, isList := said["aud"].([]any)
	if !isList {
		audience = []any{said["aud"]}
	}
	isForUs := slices.ContainsFunc(audience, func(one any) bool {
		name, isText := one.(string)
		return isText && slices.Contains(e.audience, lowerGUID(name))
	})
	issuer, _ := said["iss"].(string)
	tenant, _ := said["tid"].(string)
	return isForUs && (strings.EqualFold(tenant, e.tenant) || strings.Contains(strings.ToLower(issuer), "/"+e.tenant))
}

type claims struct {
	jwt.Claims
	Tenant         string   `json:"tid"`
	ApplicationOne string   `json:"appid"` // in version 1 tokens
	ApplicationTwo string   `json:"azp"`   // in version 2 tokens
	Roles          []string `json:"roles"`
}

// leeway is how far the clocks of the tenant and of this machine may be apart.
const leeway = time.Minute

// read checks claims, and returns whose they are.
func (e *Entra) read(c claims) (identity, error) {
	who := identity{roles: c.Roles}
	switch c.Issuer {
	case e.issuerOne:
		who.application = c.ApplicationOne
	case e.issuerTwo:
		who.application = c.ApplicationTwo
	default:
		return identity{}, refused("the token's issuer is another")
	}
	err := c.ValidateWithLeeway(jwt.Expected{}, leeway)
	switch {
	case c.Tenant != e.tenant:
		return identity{}, refused("the token's tenant is another")
	case !slices.ContainsFunc(e.audience, c.Audience.Contains):
		return identity{}, refused("the token's audience is another")
	case c.Expiry == nil || err != nil:
		return identity{}, refused("the token is not valid at this time")
	case who.application == "": // tokens about a person's identity have none, and are no permission to call
		return identity{}, refused("the token names no application")
	}
	return who, nil
}

package endpoint

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"inferenceconnector/connector"
)

// tokensFor returns what gets the tokens for an endpoint. The error joins why they may not go there.
func (i *Identity) tokensFor(f family, a address, budgets Budgets) (*tokenSource, error) {
	host := hostname(a.host)
	if f.name == gitHubModels.name || detect(host, "").name == gitHubModels.name {
		return nil, errors.New("authentication must be of the type Key: GitHub Models takes no tokens of Entra")
	}
	var problems []error
	if a.scheme != "https" {
		problems = append(problems, errors.New("endpoint must begin with https://: tokens of Entra are sent only over TLS"))
	}
	if !i.mayGoTo(a.host) {
		wrong := "endpoint must be at one of authentication.hosts"
		if i.config.Hosts == nil {
			wrong = "endpoint must be at one of " + strings.Join(AzureHosts, ", ") + "; authentication.hosts permits others"
		}
		problems = append(problems, errors.New(wrong))
	}
	scope := f.scope
	if i.config.Audience != "" {
		scope = strings.TrimSuffix(i.config.Audience, "/.default") + "/.default"
	}
	if scope == "" {
		problems = append(problems, errors.New("authentication.audience is missing; say for whom the tokens are, as this endpoint is not known to be Azure's"))
	}
	return &tokenSource{identity: i, scope: scope, client: i.newClient(budgets)}, errors.Join(problems...)
}

// mayGoTo reports whether tokens may be sent to a host (S6).
func (i *Identity) mayGoTo(text string) bool {
	at, ok := readHost(text)
	for _, allowed := range i.hosts {
		if ok && allowed.matches(at) {
			return true
		}
	}
	return false
}

// signIn adds a token, where the endpoint takes those. It may wait for it.
func (e *Endpoint) signIn(ctx context.Context, header http.Header) error {
	if e.tokens == nil {
		return nil
	}
	token, err := e.tokens.get(ctx)
	if err == nil {
		bearer(header, token)
	}
	return err
}

// sentToken returns the token of a request, "" when it has none.
func (e *Endpoint) sentToken(r *http.Request) string {
	if e.tokens == nil || r == nil {
		return ""
	}
	return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
}

// dropToken forgets a token that the endpoint does not know and that is not new, so that the next call gets another one.
func (e *Endpoint) dropToken(sent *http.Request) {
	if token := e.sentToken(sent); token != "" {
		e.tokens.drop(token)
	}
}

// maskFor hides the credential and address of a request in what is said about it.
func (e *Endpoint) maskFor(sent *http.Request) mask {
	if token := e.sentToken(sent); token != "" {
		return newMask(connector.NewSecret(token), e.address.host)
	}
	return e.mask
}

package endpoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"inferenceconnector/connector"
)

var (
	errTokenLate = errors.New("no token came in time")
	errNoToken   = errors.New("the reply has no token")
)

// unavailable says that there is no token. What Entra or the platform said of it is for the log: it tells of
// tenants and applications.
func unavailable(cause error, wait time.Duration) *connector.Error {
	return &connector.Error{
		Code: connector.CredentialUnavailable,
		Message: fmt.Sprintf("The connection's identity could not get a token for the model endpoint. Try again in %.0f seconds; "+
			"if it stays, whoever runs this connector has to correct the cause, which only its log and check --probe tell.", math.Ceil(wait.Seconds())),
		RetryAfter: wait,
		Err:        cause,
	}
}

// maxCause is how much is told of a cause, in bytes.
const maxCause = 400

// looksLikeToken is what tokens look like, and where they stand in a reply: libraries repeat one that they cannot read.
var looksLikeToken = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*|"\w*token" ?: ?"[^"]*"?`)
})

// tell words a cause in one short line without a secret.
func (i *Identity) tell(cause error) string {
	text := i.config.Type + ": "
	if failed, ok := errors.AsType[*azidentity.AuthenticationFailedError](cause); ok && failed.RawResponse != nil {
		text += oauthProblem(failed.RawResponse)
	} else {
		text += cause.Error()
	}
	text = strings.Join(strings.Fields(text), " ")
	for _, secret := range []connector.Secret{i.config.Secret, i.config.Password} {
		if !secret.IsZero() {
			for _, form := range forms(secret.Reveal()) {
				text = strings.ReplaceAll(text, form, secret.String())
			}
		}
	}
	return connector.Shorten(looksLikeToken().ReplaceAllString(text, "[token]"), maxCause)
}

// oauthProblem returns the status of a refusal, and what it says in the form of OAuth (RFC 6749 section 5.2).
func oauthProblem(reply *http.Response) string {
	var problem struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
		Message     string `json:"message"` // of platforms
	}
	if text, err := runtime.Payload(reply); err == nil {
		_ = json.Unmarshal(text, &problem)
	}
	line, _, _ := strings.Cut(problem.Description+problem.Message, "\n") // the next ones are ids for their support
	return strings.TrimSpace(fmt.Sprintf("%d %s %s", reply.StatusCode, problem.Error, line))
}

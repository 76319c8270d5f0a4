package emulator

import (
	"fmt"
	"net/http"
)

// nativeWords is what the families of the Model Inference API say alike.
func nativeWords(_ *http.Request, p *problem) refusal {
	switch p.reason {
	case noVersion:
		return coded(http.StatusBadRequest, "MissingApiVersionParameter", "The query parameter api-version is required.")
	case noRoute, notOfModel: // it is not told apart
		return coded(http.StatusNotFound, "404", "Resource not found")
	case noModel:
		return explained(http.StatusBadRequest, "no_model_name", "No model specified in request. "+
			"Please provide a model name in the request body or as a x-ms-model-mesh-model-name header.")
	case unknownModel:
		r := coded(http.StatusBadRequest, "unknown_model", unknownName(p))
		r.body["error"].(object)["details"] = nil
		return r.with("x-ms-error-code", "unknown_model")
	case extraParameters:
		return detailed(http.StatusBadRequest, p.text)
	case overLimit:
		return explained(http.StatusTooManyRequests, "RateLimitReached", "Rate limit of 10 per 60s exceeded for UserByModelByMinute. "+
			"Please wait "+limitWait+" seconds before retrying.").with("Retry-After", limitWait)
	case outOfService:
		return numbered(http.StatusServiceUnavailable, "Service Unavailable", "The emulator's deployment 'unavailable' is never there.").
			with("Retry-After", outageWait)
	}
	return coded(p.status, p.code, p.text)
}

func unknownName(p *problem) string { return fmt.Sprintf("Unknown model: %.64s", p.about) }

// flatLimit is the 429 of those families whose gateway has the shape of the reference pages.
func flatLimit() refusal {
	return flat(http.StatusTooManyRequests, "RateLimitReached",
		"Rate limit is exceeded. Try again in "+limitWait+" seconds.").with("Retry-After", limitWait)
}

// azureKeyWords is what Azure's AI resources say of a key. One that comes as a bearer is to them a token.
func azureKeyWords(p *problem) refusal {
	if p.reason == wrongKey {
		return coded(http.StatusUnauthorized, "401", "Access denied due to invalid subscription key or wrong API endpoint. "+
			"Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.")
	}
	return refusal{status: http.StatusUnauthorized, body: object{"statusCode": http.StatusUnauthorized,
		"message": "Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), or have expired."}}
}

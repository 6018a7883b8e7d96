variable "project" {
  description = "The id of the project."
  type        = string
}

variable "region" {
  description = "Where; the nodes are spread over its zones."
  type        = string
  default     = "europe-west3"
}

variable "name" {
  description = "Of the cluster and all that belongs to it."
  type        = string
  default     = "todotasks"
}

variable "machine" {
  description = "Of each node. docs/sizing.md says what the parts need."
  type        = string
  default     = "e2-standard-2"
}

variable "nodes_per_zone_max" {
  description = "How far the pool grows, per zone."
  type        = number
  default     = 2
}

variable "authorized" {
  description = "From which addresses the API server is reached (CIDR)."
  type        = list(string)

  validation {
    condition     = !contains(var.authorized, "0.0.0.0/0")
    error_message = "Everywhere is no answer: name the addresses that you work from."
  }
}

variable "deletion_protection" {
  description = "Whether `tofu destroy` is refused."
  type        = bool
  default     = true
}

variable "subscription" {
  description = "The id of the subscription."
  type        = string
}

variable "admin_groups" {
  description = "Ids of the Entra groups whose members administer the cluster."
  type        = list(string)
}

variable "region" {
  description = "Where; it must have three zones."
  type        = string
  default     = "germanywestcentral"
}

variable "name" {
  description = "Of the cluster and all that belongs to it."
  type        = string
  default     = "todotasks"
}

variable "machine" {
  description = "Of each node. docs/sizing.md says what the parts need."
  type        = string
  default     = "Standard_D2s_v5"
}

variable "nodes_max" {
  description = "How far the pool grows, over all zones."
  type        = number
  default     = 6
}

variable "authorized" {
  description = "From which addresses the API server is reached (CIDR)."
  type        = list(string)

  validation {
    condition     = !contains(var.authorized, "0.0.0.0/0")
    error_message = "Everywhere is no answer: name the addresses that you work from."
  }
}

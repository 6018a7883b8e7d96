variable "compartment" {
  description = "The id (OCID) of the compartment."
  type        = string
}

variable "region" {
  description = "Where; the nodes are spread over its availability domains."
  type        = string
  default     = "eu-frankfurt-1"
}

variable "name" {
  description = "Of the cluster and all that belongs to it."
  type        = string
  default     = "todotasks"
}

variable "kubernetes" {
  description = "The version, as OKE names it: v1.35.0."
  type        = string
}

variable "nodes" {
  description = "How many nodes, over all availability domains."
  type        = number
  default     = 3
}

variable "authorized" {
  description = "From which addresses the API server is reached (CIDR)."
  type        = list(string)

  validation {
    condition     = !contains(var.authorized, "0.0.0.0/0")
    error_message = "Everywhere is no answer: name the addresses that you work from."
  }
}
